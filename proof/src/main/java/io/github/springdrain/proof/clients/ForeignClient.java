// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.clients;

import io.github.springdrain.contract.Selection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A client that somebody else has written. */
interface ForeignClient {

    /** The name of its constant. */
    String name();

    /** What tables call it, with its protocol. */
    String label();

    /** What is missing to run it; empty if nothing is. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Why errors of this client are no loss of the server; empty where each is one. */
    default Optional<String> ownErrors() {
        return Optional.empty();
    }

    /** Sends {@code GET} requests to one URL. */
    Run start(String url);

    /**
     * Those that a system property has, in lower case and with commas between them; all where it is empty.
     *
     * @throws IllegalArgumentException if it has anything else
     */
    static List<ForeignClient> selected(String property) {
        List<ForeignClient> all = Stream.<ForeignClient[]>of(LoadTool.values(), LibraryClient.values())
                .flatMap(Stream::of)
                .toList();
        return Selection.of(property, all, (client) -> client.name().toLowerCase(Locale.ROOT));
    }

    /** A client at work. */
    interface Run {

        /** Waits until it has been refused, or has come to the end of its time, and returns what it says. */
        Result result();
    }

    /**
     * What a client says of its own requests.
     *
     * @param complete requests that got their response
     * @param lost errors of any kind but a refused connection
     * @param own requests that failed by what the client did, without an error of the server
     * @param detail the first of the errors; empty if there were none
     */
    record Result(long complete, long lost, long own, String detail) {

        static final Result NONE = new Result(0, 0, 0, "");

        static Result of(long complete, long lost, String detail) {
            return new Result(complete, lost, 0, detail);
        }

        Result plus(Result other) {
            return new Result(
                    this.complete + other.complete,
                    this.lost + other.lost,
                    this.own + other.own,
                    this.detail.isEmpty() ? other.detail : this.detail);
        }

        /** The errors, as tables have them. */
        @Override
        public String toString() {
            String errors = this.lost + " of " + (this.complete + this.lost);
            return (this.own > 0) ? errors + ", " + this.own + " of its own" : errors;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.clients;

import java.util.List;
import java.util.Optional;

/** A client that somebody else has written. */
interface ForeignClient {

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

    /** All of them. */
    static List<ForeignClient> all() {
        return List.of(
                LoadTool.WRK,
                LoadTool.AB,
                LoadTool.H2LOAD,
                LibraryClient.JDK_HTTP_1,
                LibraryClient.JDK_HTTP_2,
                LibraryClient.APACHE,
                LibraryClient.OKHTTP,
                LibraryClient.NETTY_HTTP_2);
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
     * @param detail the first of these errors; empty if there were none
     */
    record Result(long complete, long lost, String detail) {

        Result plus(Result other) {
            return new Result(
                    this.complete + other.complete,
                    this.lost + other.lost,
                    this.detail.isEmpty() ? other.detail : this.detail);
        }
    }
}

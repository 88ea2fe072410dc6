// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP/2 clients of a departing server saw.
 *
 * @param output what the server logged
 * @param signalNanos when SIGTERM was sent, as {@link System#nanoTime()}
 * @param exit the end of the process
 * @param busy a connection with one stream in service at the signal
 * @param upgraded one that came by an upgrade and whose first stream was in service; {@code null} where none was tried
 * @param idle a connection without a stream at the signal
 * @param late a stream that was opened on the idle connection after the announcement
 * @param fresh a connection made after the announcement, with one stream; {@code null} where it was refused
 * @param upload a request whose body was on its way at the signal
 * @param uploading its connection
 * @param looping connections on which streams were opened for as long as they lasted
 */
record Http2Observations(
        ProcessOutput output,
        long signalNanos,
        ChildProcess.Exit exit,
        Http2Connection busy,
        @Nullable Http2Connection upgraded,
        Http2Connection idle,
        Http2Stream late,
        @Nullable Http2Connection fresh,
        Http2Stream upload,
        Http2Connection uploading,
        List<Http2Connection> looping) {

    /** Every connection, by what it was for. */
    List<Http2Connection> all() {
        return Stream.concat(
                        Stream.of(this.busy, this.upgraded, this.idle, this.fresh, this.uploading),
                        this.looping.stream())
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** Those that were there at the signal. */
    List<Http2Connection> early() {
        return all().stream().filter((connection) -> connection != this.fresh).toList();
    }

    /** Streams that the last GOAWAY of their connection covers and that got no response. */
    List<String> coveredLosses() {
        return all().stream()
                .flatMap((connection) -> connection.streams().stream()
                        .filter((stream) -> stream.id() <= covered(connection))
                        .filter((stream) -> stream.state() != Http2Stream.State.COMPLETE || stream.status() != 200)
                        .map((stream) -> "stream " + stream.id() + " " + stream.summary() + " of " + connection))
                .toList();
    }

    /** Streams that no last GOAWAY covers: they may be sent again. */
    long uncovered() {
        return all().stream()
                .flatMap((connection) ->
                        connection.streams().stream().filter((stream) -> stream.id() > covered(connection)))
                .count();
    }

    /** A connection that ends without a word covers all that was sent on it. */
    private static int covered(Http2Connection connection) {
        List<GoAway> goAways = connection.goAways();
        return goAways.isEmpty()
                ? Integer.MAX_VALUE
                : goAways.get(goAways.size() - 1).lastStreamId();
    }

    /** The time from the last whole response to the end of the process. */
    Duration afterLastResponse() {
        return this.exit.since(lastResponse());
    }

    /** The time from the last whole response to the end of the last connection. */
    Duration lastEndAfterLastResponse() {
        long response = lastResponse();
        return Duration.ofNanos(all().stream()
                .mapToLong((connection) -> connection.endedAtNanos() - response)
                .max()
                .orElseThrow());
    }

    private long lastResponse() {
        return all().stream()
                .flatMap((connection) -> connection.streams().stream())
                .filter((stream) -> stream.state() == Http2Stream.State.COMPLETE)
                .mapToLong(Http2Stream::endedAtNanos)
                .reduce((first, second) -> (first - second > 0) ? first : second)
                .orElseThrow();
    }
}

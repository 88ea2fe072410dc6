// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the clients of a departing server saw.
 *
 * @param output what the server logged
 * @param signalNanos when SIGTERM was sent, as {@link System#nanoTime()}
 * @param exit the end of the process
 * @param slow requests in service at the signal
 * @param async asynchronous requests in service at the signal
 * @param stream a streamed response under way at the signal
 * @param upload an upload under way at the signal
 * @param pausingUpload an upload under way at the signal that paused for two seconds
 * @param pipelined a request sent after the signal behind one whose streamed response was under way
 * @param firstRequests first requests of connections that were silent until 200 ms after the signal
 * @param lateFirstRequests the same, silent until two seconds after the signal
 * @param handshakes requests after TLS handshakes under way at the signal and finished 100 ms after it
 * @param lateHandshakes the same, finished two seconds after the signal
 * @param idleEnds how connections ended that were between two requests
 * @param keepAlive the exchanges of clients that keep their connections
 */
record ShutdownObservations(
        ProcessOutput output,
        long signalNanos,
        ChildProcess.Exit exit,
        List<TimedResponse> slow,
        List<TimedResponse> async,
        TimedResponse stream,
        TimedResponse upload,
        TimedResponse pausingUpload,
        TimedResponse pipelined,
        List<TimedResponse> firstRequests,
        List<TimedResponse> lateFirstRequests,
        List<TimedResponse> handshakes,
        List<TimedResponse> lateHandshakes,
        List<ConnectionEnd> idleEnds,
        KeepAliveLog keepAlive) {

    /** First requests on silent connections, early and late. */
    List<TimedResponse> allFirstRequests() {
        return Stream.concat(this.firstRequests.stream(), this.lateFirstRequests.stream())
                .toList();
    }

    /** Requests after handshakes that were under way, early and late; none without TLS. */
    List<TimedResponse> allHandshakes() {
        return Stream.concat(this.handshakes.stream(), this.lateHandshakes.stream())
                .toList();
    }

    /** The time from the last whole response to the end of the process. */
    Duration afterLastResponse() {
        long last = Stream.of(
                        this.slow,
                        this.async,
                        allFirstRequests(),
                        allHandshakes(),
                        List.of(this.stream, this.upload, this.pausingUpload, this.pipelined))
                .flatMap(List::stream)
                .map(TimedResponse::atNanos)
                .reduce((first, second) -> (first - second > 0) ? first : second)
                .orElseThrow();
        return this.exit.since(last);
    }
}

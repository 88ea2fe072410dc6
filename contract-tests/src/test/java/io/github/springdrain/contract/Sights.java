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
 * @param lateRequests first requests of connections that were silent until 200 ms after the signal
 * @param handshakes requests after TLS handshakes under way at the signal and finished 100 ms after it
 * @param idleEnds how connections ended that were between two requests
 * @param keepAlive the exchanges of clients that keep their connections
 */
record Sights(
        ProcessOutput output,
        long signalNanos,
        ChildProcess.Exit exit,
        List<Seen> slow,
        List<Seen> async,
        Seen stream,
        Seen upload,
        List<Seen> lateRequests,
        List<Seen> handshakes,
        List<Ending> idleEnds,
        KeepAliveLog keepAlive) {

    /** The time from the last whole answer to the end of the process. */
    Duration afterLastAnswer() {
        long last = Stream.of(
                        this.slow, this.async, this.lateRequests, this.handshakes, List.of(this.stream, this.upload))
                .flatMap(List::stream)
                .map(Seen::atNanos)
                .reduce((first, second) -> (first - second > 0) ? first : second)
                .orElseThrow();
        return this.exit.since(last);
    }
}

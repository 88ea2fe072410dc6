package io.github.springdrain.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * HTTP/2 clients that are late: with their answer to a PING, with that for ever, or with their first request. Used once,
 * by one thread, around the signal.
 */
final class LateHttp2Clients {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** How long the slow one takes to answer, once listeners are closed. */
    private static final Duration LAG = Duration.ofMillis(400);

    private final Http2Connection mute;

    private final Http2Connection slow;

    private final Http2Connection silent;

    private final Http2Connection waking;

    private final ConcurrentClients<ShutdownObservations> crowd;

    /** Lets them begin; returns when all are connected. */
    LateHttp2Clients(SampleProcess server) throws IOException {
        this.mute = server.http2().with(Http2Behavior.MUTE).connect();
        this.mute.get("/hello").await(LIMIT);
        this.slow = server.http2().with(Http2Behavior.MUTE).connect();
        this.slow.get("/hello").await(LIMIT);
        this.silent = server.http2().connect();
        this.waking = server.http2().connect();
        this.crowd = ConcurrentClients.start("straggler", 1, () -> straggle(server));
    }

    private ShutdownObservations straggle(SampleProcess server) throws IOException {
        while (this.waking.goAways().isEmpty() && this.waking.ending() == ConnectionEnd.OPEN) {
            Moment.await(System.nanoTime(), Duration.ofMillis(2));
        }
        Http2Stream first = this.waking.get("/hello");
        server.output().await((line) -> line.contains("Drain FINISHING"), LIMIT);
        Moment.await(System.nanoTime(), LAG);
        long answeredAt = System.nanoTime();
        Http2Stream crossing = this.slow.get("/hello");
        while (this.slow.ending() == ConnectionEnd.OPEN) {
            this.slow.answerPings();
            Moment.await(System.nanoTime(), Duration.ofMillis(2));
        }
        return new ShutdownObservations(this.mute, this.slow, this.silent, first, crossing.await(LIMIT), answeredAt);
    }

    /** What they saw, once the server is gone. */
    ShutdownObservations sights() {
        ShutdownObservations sights = this.crowd.results(LIMIT).get(0);
        List.of(this.mute, this.slow, this.silent, this.waking).forEach((connection) -> connection.awaitEnd(LIMIT));
        return sights;
    }

    /**
     * What the late clients of a departing server saw.
     *
     * @param mute an idle connection whose client answers no PING
     * @param slow an idle connection whose client answers late
     * @param silent a connection on which no request was ever sent
     * @param first the first stream of a connection, opened when its client was told of a last one
     * @param crossing a stream that was opened on the slow connection right before the answer
     * @param answeredAtNanos when that answer began, as {@link System#nanoTime()}
     */
    record ShutdownObservations(
            Http2Connection mute,
            Http2Connection slow,
            Http2Connection silent,
            Http2Stream first,
            Http2Stream crossing,
            long answeredAtNanos) {}
}

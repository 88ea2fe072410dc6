// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * HTTP/2 clients that acknowledge a PING at once, late or never, or send their first request late. Used once,
 * by one thread, around the signal.
 */
final class LateHttp2Clients {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** How long the slow one takes to acknowledge, once listeners are closed. */
    private static final Duration LAG = Duration.ofMillis(400);

    /**
     * Longer than a connection counts as new, but it does so from the end of its handshake. That comes so shortly before the
     * listeners close that the connection is new then, and the close is no reason to notify it.
     */
    private static final Duration HANDSHAKE = Http2Contract.ANNOUNCEMENT.minusMillis(200);

    private final Http2Connection mute;

    private final Http2Connection slow;

    private final Http2Connection silent;

    private final Http2Connection waking;

    private final Http2Connection prompt;

    private final ConcurrentClients<ShutdownObservations> clients;

    /** None without TLS. */
    private final ConcurrentClients<Http2Client.Late> handshakes;

    /** Lets them begin; returns when all are connected. */
    LateHttp2Clients(SampleProcess server, boolean tls) throws IOException {
        this.mute = server.http2().with(Http2Behavior.MUTE).connect();
        this.mute.get("/hello").await(LIMIT);
        this.slow = server.http2().with(Http2Behavior.MUTE).connect();
        this.slow.get("/hello").await(LIMIT);
        this.silent = server.http2().connect();
        this.waking = server.http2().connect();
        this.prompt = server.http2().connect();
        this.prompt.get("/hello").await(LIMIT);
        this.clients = ConcurrentClients.start("late-http2", 1, () -> observeLate(server));
        this.handshakes = ConcurrentClients.start(
                "late-http2",
                tls ? 1 : 0,
                () -> server.http2().connectLate(() -> {
                    server.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
                    Moment.await(System.nanoTime(), HANDSHAKE);
                }));
    }

    private ShutdownObservations observeLate(SampleProcess server) throws IOException {
        while (this.waking.goAways().isEmpty() && this.waking.ending() == ConnectionEnd.OPEN) {
            Moment.await(System.nanoTime(), Duration.ofMillis(2));
        }
        Http2Stream first = this.waking.get("/hello");
        server.output().await((line) -> line.contains("Drain FINISHING"), LIMIT);
        Moment.await(System.nanoTime(), LAG);
        // On a loaded machine even the prompt one may be that late, and this one has to be later.
        Moment.awaitThat(() -> this.prompt.goAways().size() >= 2 || this.prompt.ending() != ConnectionEnd.OPEN, LIMIT);
        long respondedAt = System.nanoTime();
        Http2Stream crossing = this.slow.get("/hello");
        while (this.slow.ending() == ConnectionEnd.OPEN) {
            this.slow.acknowledgePings();
            Moment.await(System.nanoTime(), Duration.ofMillis(2));
        }
        return new ShutdownObservations(
                this.mute, this.slow, this.silent, this.prompt, first, crossing.await(LIMIT), respondedAt);
    }

    /** What they saw, once the server is gone. */
    ShutdownObservations observations() {
        ShutdownObservations observations = this.clients.results(LIMIT).get(0);
        List.of(this.mute, this.slow, this.silent, this.prompt, this.waking)
                .forEach((connection) -> connection.awaitEnd(LIMIT));
        return observations;
    }

    /** A connection on which no request was ever sent, and whose handshake took its time; none without TLS. */
    Optional<Http2Client.Late> handshake() {
        return this.handshakes.results(LIMIT).stream().findFirst();
    }

    /**
     * What the late clients of a departing server saw.
     *
     * @param mute an idle connection whose client acknowledges no PING
     * @param slow an idle connection whose client acknowledges late
     * @param silent a connection on which no request was ever sent
     * @param prompt an idle connection whose client acknowledges at once
     * @param first the first stream of a connection, opened when its client knew of a last one
     * @param crossing a stream that was opened on the slow connection right before the acknowledgement
     * @param respondedAtNanos when that acknowledgement began, as {@link System#nanoTime()}
     */
    record ShutdownObservations(
            Http2Connection mute,
            Http2Connection slow,
            Http2Connection silent,
            Http2Connection prompt,
            Http2Stream first,
            Http2Stream crossing,
            long respondedAtNanos) {}
}

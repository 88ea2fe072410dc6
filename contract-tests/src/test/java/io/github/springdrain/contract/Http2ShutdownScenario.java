// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 clients of every kind that are at it when their server gets SIGTERM. Used once, by one thread: begun, then
 * sent the signal, then asked what each of them saw.
 */
final class Http2ShutdownScenario {

    static final int UPLOAD_PIECES = 22;

    static final int UPLOAD_PIECE_BYTES = 1000;

    private static final int SLOW_MILLIS = 2500;

    private static final int LOOPS = 4;

    /** Streams that each of the looping clients has open at the same time. */
    private static final int AT_A_TIME = 3;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration SHORT = Duration.ofSeconds(5);

    private final SampleProcess server;

    private final Http2Connection busy;

    private final @Nullable Http2Connection upgraded;

    private final Http2Connection idle;

    private final Http2Connection uploading;

    private final List<Http2Connection> looping;

    private final ConcurrentClients<Boolean> loops;

    private final ConcurrentClients<Http2Stream> upload;

    /** Lets the clients begin; returns when all of them are at it. */
    Http2ShutdownScenario(SampleProcess server, boolean upgrade) throws IOException {
        this.server = server;
        this.idle = server.http2().connect();
        this.idle.get("/hello").await(LIMIT);
        this.uploading = server.http2().connect();
        this.upload = ConcurrentClients.start("upload", 1, () -> trickle(this.uploading));
        this.looping = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            this.looping.add(server.http2().connect());
        }
        this.loops = ConcurrentClients.forEach("loop", this.looping, Http2ShutdownScenario::loop);
        this.busy = server.http2().connect();
        this.busy.get("/slow?ms=" + SLOW_MILLIS);
        this.upgraded = upgrade ? server.http2().upgrade("/slow?ms=" + SLOW_MILLIS) : null;
        Moment.awaitThat(() -> this.looping.stream().allMatch((connection) -> connection.lastId() > 100), SHORT);
        Moment.await(System.nanoTime(), Duration.ofMillis(300));
    }

    /** Sends the signal, lets those act that act after it, and waits until the server and its clients are done. */
    Http2Observations signal() throws IOException {
        long signal = this.server.terminate();
        this.server
                .output()
                .await(
                        (line) -> line.contains("Drain ANNOUNCED") || line.contains("Commencing graceful shutdown"),
                        LIMIT);
        Moment.awaitThat(() -> !this.idle.goAways().isEmpty() || this.idle.ending() != ConnectionEnd.OPEN, SHORT);
        Http2Stream late = this.idle.get("/hello").await(SHORT);
        Http2Connection fresh = connectLate();
        ChildProcess.Exit exit = this.server.awaitExit(LIMIT);
        this.loops.results(LIMIT);
        Http2Observations observations = new Http2Observations(
                this.server.output(),
                signal,
                exit,
                this.busy,
                this.upgraded,
                this.idle,
                late,
                fresh,
                this.upload.results(LIMIT).get(0),
                this.uploading,
                this.looping);
        observations.all().forEach((connection) -> connection.awaitEnd(LIMIT));
        return observations;
    }

    /** A client that comes after the announcement; {@code null} where it is refused. */
    private @Nullable Http2Connection connectLate() {
        try {
            Http2Connection fresh = this.server.http2().connect();
            fresh.get("/hello").await(SHORT);
            return fresh;
        } catch (IOException ex) {
            return null;
        }
    }

    private static Http2Stream trickle(Http2Connection connection) {
        Http2Stream stream = connection.post("/upload");
        try {
            for (int piece = 1; piece <= UPLOAD_PIECES; piece++) {
                long start = System.nanoTime();
                stream.body(UPLOAD_PIECE_BYTES, piece == UPLOAD_PIECES);
                Moment.await(start, Duration.ofMillis(120));
            }
        } catch (IOException ex) {
            // The stream shows what came of it.
        }
        return stream.await(LIMIT);
    }

    /** Goes on after every GOAWAY, until the connection has ended. */
    private static boolean loop(Http2Connection connection) {
        while (connection.ending() == ConnectionEnd.OPEN) {
            List<Http2Stream> round = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                round.add(connection.get("/hello"));
            }
            round.forEach((stream) -> stream.await(LIMIT));
        }
        return true;
    }
}

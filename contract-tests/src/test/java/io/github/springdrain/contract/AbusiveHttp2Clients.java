// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** HTTP/2 peers that keep to no rule. Each goes on with what it does until its connection takes nothing any more. */
final class AbusiveHttp2Clients implements Closeable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Up to 5000 times a second: more take the processors from everybody, this test among them. */
    private static final int BURST = 100;

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final SampleProcess server;

    private final List<Http2Connection> connections = new ArrayList<>();

    private final List<Http2Connection> flooding = new ArrayList<>();

    private final List<Http2Connection> opening = new ArrayList<>();

    private final List<ConcurrentClients<Boolean>> clients = new ArrayList<>();

    private final AtomicLong pings = new AtomicLong();

    private final AtomicLong settings = new AtomicLong();

    private final AtomicLong streams = new AtomicLong();

    /** Connects all of them; those that take much from the server have yet to begin. */
    AbusiveHttp2Clients(SampleProcess server) throws IOException {
        this.server = server;
        for (Http2Behavior behavior : List.of(Http2Behavior.GOOD, Http2Behavior.DEAF)) {
            this.flooding.add(connect(behavior));
        }
        for (Http2Behavior behavior : List.of(Http2Behavior.MUTE, Http2Behavior.DEAF)) {
            this.opening.add(connect(behavior));
        }
        neverAcknowledge();
        takeNoBody();
        sendAByteAtATime();
        halfClose();
        sayNothing();
    }

    private Http2Connection connect(Http2Behavior behavior) throws IOException {
        Http2Connection connection = this.server.http2().with(behavior).connect();
        this.connections.add(connection);
        return connection;
    }

    private void neverAcknowledge() throws IOException {
        connect(Http2Behavior.MUTE).get("/hello").await(LIMIT);
        connect(Http2Behavior.MUTE).get("/slow?ms=60000");
    }

    /** Has PINGs, SETTINGS and streams sent in bursts, with the responses read and unread. */
    void overwhelm() {
        this.flooding.forEach((connection) -> repeat(() -> {
            for (int i = 0; i < BURST; i++) {
                connection.write(Http2Frame.ping(this.pings.incrementAndGet()));
                this.settings.incrementAndGet();
                connection.write(Http2Frame.settings());
            }
            Moment.await(System.nanoTime(), PAUSE);
            return true;
        }));
        this.opening.forEach((connection) -> repeat(() -> {
            boolean sent = true;
            for (int i = 0; i < BURST && sent; i++) {
                this.streams.incrementAndGet();
                sent = connection.get("/hello").state() != Http2Stream.State.UNSENT;
            }
            Moment.await(System.nanoTime(), PAUSE);
            return sent && connection.ending() == ConnectionEnd.OPEN;
        }));
    }

    private void takeNoBody() throws IOException {
        connect(Http2Behavior.NO_WINDOW).get("/stream?chunks=1000&ms=10");
        connect(Http2Behavior.NO_WINDOW).get("/hello");
        connect(Http2Behavior.DEAF).get("/stream?chunks=1000&ms=10");
    }

    private void sendAByteAtATime() throws IOException {
        Http2Connection connection = connect(Http2Behavior.GOOD);
        repeat(() -> {
            connection.writeRaw(new byte[1]);
            Moment.await(System.nanoTime(), Duration.ofSeconds(1));
            return connection.ending() == ConnectionEnd.OPEN;
        });
    }

    private void halfClose() throws IOException {
        Http2Connection connection = connect(Http2Behavior.MUTE);
        connection.get("/slow?ms=60000");
        Moment.await(System.nanoTime(), Duration.ofMillis(100));
        connection.halfClose();
    }

    private void sayNothing() throws IOException {
        connect(Http2Behavior.DEAF);
        connect(Http2Behavior.GOOD).get("/hello").await(LIMIT);
    }

    private void repeat(Act act) {
        this.clients.add(ConcurrentClients.start("abusive", 1, () -> {
            try {
                while (act.again()) {
                    // The act is all there is.
                }
            } catch (IOException ex) {
                // The server takes no more.
            }
            return true;
        }));
    }

    String summary() {
        return "%d PINGs, %d SETTINGS, %d streams on %d connections"
                .formatted(this.pings.get(), this.settings.get(), this.streams.get(), this.connections.size());
    }

    /**
     * Waits for the end of each of them, once the server is gone. The kernel of a peer that does not read can have
     * dropped the server's RST beyond its window, and asks again at its next retransmission, many seconds later.
     */
    void awaitEnd() {
        close();
        this.clients.forEach((each) -> each.results(LIMIT));
    }

    @Override
    public void close() {
        this.connections.forEach(Http2Connection::close);
    }

    /** One act; {@code false} where it is the last. */
    private interface Act {

        boolean again() throws IOException;
    }
}

package io.github.springdrain.contract;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** HTTP/2 peers that keep to no rule. Each goes on with what it does until its connection takes nothing any more. */
final class AbusivePeers implements Closeable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final SampleProcess server;

    private final List<Http2Connection> connections = new ArrayList<>();

    private final List<Http2Connection> flooding = new ArrayList<>();

    private final List<Http2Connection> opening = new ArrayList<>();

    private final List<Crowd<Boolean>> crowds = new ArrayList<>();

    private final AtomicLong pings = new AtomicLong();

    private final AtomicLong streams = new AtomicLong();

    /** Connects all of them; those that take much from the server have yet to begin. */
    AbusivePeers(SampleProcess server) throws IOException {
        this.server = server;
        for (Http2Manners manners : List.of(Http2Manners.GOOD, Http2Manners.DEAF)) {
            this.flooding.add(connect(manners));
        }
        for (Http2Manners manners : List.of(Http2Manners.MUTE, Http2Manners.DEAF)) {
            this.opening.add(connect(manners));
        }
        neverAcknowledge();
        takeNoBody();
        sendAByteAtATime();
        halfClose();
        sayNothing();
    }

    private Http2Connection connect(Http2Manners manners) throws IOException {
        Http2Connection connection = this.server.http2().with(manners).connect();
        this.connections.add(connection);
        return connection;
    }

    private void neverAcknowledge() throws IOException {
        connect(Http2Manners.MUTE).get("/hello").await(LIMIT);
        connect(Http2Manners.MUTE).get("/slow?ms=60000");
    }

    /** Has PINGs and streams sent as fast as they go, with the answers read and unread. */
    void overwhelm() {
        this.flooding.forEach((connection) -> repeat(() -> {
            connection.write(Http2Frame.ping(this.pings.incrementAndGet()));
            return true;
        }));
        this.opening.forEach((connection) -> repeat(() -> {
            this.streams.incrementAndGet();
            Http2Stream stream = connection.get("/hello");
            return stream.state() != Http2Stream.State.UNSENT && connection.ending() == Ending.OPEN;
        }));
    }

    private void takeNoBody() throws IOException {
        connect(Http2Manners.NO_WINDOW).get("/stream?chunks=1000&ms=10");
        connect(Http2Manners.NO_WINDOW).get("/hello");
        connect(Http2Manners.DEAF).get("/stream?chunks=1000&ms=10");
    }

    private void sendAByteAtATime() throws IOException {
        Http2Connection connection = connect(Http2Manners.GOOD);
        repeat(() -> {
            connection.writeRaw(new byte[1]);
            Moment.await(System.nanoTime(), Duration.ofSeconds(1));
            return connection.ending() == Ending.OPEN;
        });
    }

    private void halfClose() throws IOException {
        Http2Connection connection = connect(Http2Manners.MUTE);
        connection.get("/slow?ms=60000");
        Moment.await(System.nanoTime(), Duration.ofMillis(100));
        connection.halfClose();
    }

    private void sayNothing() throws IOException {
        connect(Http2Manners.DEAF);
        connect(Http2Manners.GOOD).get("/hello").await(LIMIT);
    }

    private void repeat(Act act) {
        this.crowds.add(Crowd.start("abusive", 1, () -> {
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
        return "%d PINGs, %d streams on %d connections"
                .formatted(this.pings.get(), this.streams.get(), this.connections.size());
    }

    /** Whether each of them has come to its end, once the server is gone. */
    void awaitEnd() {
        this.crowds.forEach((crowd) -> crowd.results(LIMIT));
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

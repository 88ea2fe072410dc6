// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of one port that do not mind which process serves it: some open a connection for each request, some keep theirs
 * for as long as they may. Each asks for {@code /hello} and pauses at random between two requests. Begins when it is made;
 * ended by one thread.
 */
final class MixedLoad {

    /** A client may have to wait for the start of the next process. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration END_LIMIT = Duration.ofMinutes(2);

    private static final String PATH = "/hello";

    private final String host;

    private final int port;

    private final Transport transport;

    private final long longestPauseNanos;

    private final RawClient client;

    private final Map<Outcome, LongAdder> fresh = counters();

    private final Map<Outcome, LongAdder> kept = counters();

    private final LongAccumulator longestConnectNanos = new LongAccumulator(Math::max, 0);

    private final ConcurrentClients<Boolean> clients;

    private volatile boolean ending;

    /** Lets {@code newClients} clients of the one kind and {@code keptClients} of the other go. */
    MixedLoad(String host, int port, Transport transport, int newClients, int keptClients, Duration longestPause) {
        this.host = host;
        this.port = port;
        this.transport = transport;
        this.longestPauseNanos = longestPause.toNanos();
        this.client =
                (transport.isTls() ? RawClient.tls(host, port) : RawClient.plain(host, port)).withPatience(PATIENCE);
        List<Callable<Boolean>> actions = new ArrayList<>();
        for (int i = 0; i < newClients; i++) {
            actions.add(() -> send(this.fresh, false));
        }
        for (int i = 0; i < keptClients; i++) {
            actions.add(() -> send(this.kept, true));
        }
        this.clients = ConcurrentClients.start("load", actions);
    }

    /** What came of it so far. */
    LoadTally tally() {
        return new LoadTally(tally(this.fresh), tally(this.kept), Duration.ofNanos(this.longestConnectNanos.get()));
    }

    /** Ends it when every exchange under way is over, and returns what came of all of them. */
    LoadTally end() {
        this.ending = true;
        this.clients.results(END_LIMIT);
        return tally();
    }

    private boolean send(Map<Outcome, LongAdder> counts, boolean keeping) {
        try (Exchanges exchanges = (this.transport == Transport.HTTP2) ? new Http2Exchanges() : new Http1Exchanges()) {
            while (!this.ending) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(this.longestPauseNanos));
                Outcome outcome = exchanges.next();
                Objects.requireNonNull(counts.get(outcome)).increment();
                if (!keeping) {
                    exchanges.leave();
                }
            }
        }
        return true;
    }

    private <T> T timed(Connect<T> connect) throws IOException {
        long start = System.nanoTime();
        try {
            return connect.call();
        } finally {
            this.longestConnectNanos.accumulate(System.nanoTime() - start);
        }
    }

    private static StormTally tally(Map<Outcome, LongAdder> counters) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        counters.forEach((outcome, counter) -> counts.put(outcome, counter.sum()));
        return new StormTally(counts);
    }

    private static Map<Outcome, LongAdder> counters() {
        Map<Outcome, LongAdder> counters = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            counters.put(outcome, new LongAdder());
        }
        return counters;
    }

    /**
     * How a connection is made.
     *
     * @param <T> what it is
     */
    private interface Connect<T> {

        T call() throws IOException;
    }

    /** One exchange after the other. */
    private interface Exchanges extends AutoCloseable {

        Outcome next();

        /** Leaves the connection, if there is one; the next exchange makes another. */
        void leave();

        @Override
        default void close() {
            leave();
        }
    }

    /** Over HTTP/1.1. */
    private final class Http1Exchanges implements Exchanges {

        private final KeptConnection connection = new KeptConnection(() -> timed(MixedLoad.this.client::connect));

        @Override
        public Outcome next() {
            return this.connection
                    .exchange((current) -> current.request("GET", PATH).readResponse())
                    .outcome();
        }

        @Override
        public void leave() {
            this.connection.leave();
        }
    }

    /** Over HTTP/2; a stream that the server says it has not looked at counts as refused. */
    private final class Http2Exchanges implements Exchanges {

        private final Http2Client client = Http2Client.of(MixedLoad.this.host, MixedLoad.this.port, true);

        private final List<Http2Connection> current = new ArrayList<>();

        @Override
        public Outcome next() {
            try {
                Http2Connection connection = connected();
                Http2Stream stream = connection.get(PATH).await(PATIENCE);
                return outcome(connection, stream);
            } catch (IOException ex) {
                return Failures.outcome(ex);
            }
        }

        private Http2Connection connected() throws IOException {
            if (!this.current.isEmpty()) {
                Http2Connection connection = this.current.get(0);
                if (connection.goAways().isEmpty() && connection.ending() == ConnectionEnd.OPEN) {
                    return connection;
                }
                leave();
            }
            Http2Connection connection = timed(this.client::connect);
            this.current.add(connection);
            return connection;
        }

        private Outcome outcome(Http2Connection connection, Http2Stream stream) {
            return switch (stream.state()) {
                case COMPLETE -> (stream.status() == 503) ? Outcome.UNAVAILABLE_503 : Outcome.COMPLETE;
                case REFUSED, UNSENT -> Outcome.REFUSED;
                case RESET -> Outcome.RESET;
                case WITHOUT_RESPONSE -> isAfterTheLast(connection, stream) ? Outcome.REFUSED : Outcome.NO_RESPONSE;
                case OPEN -> Outcome.TIMEOUT;
            };
        }

        private static boolean isAfterTheLast(Http2Connection connection, Http2Stream stream) {
            return connection.goAways().stream().anyMatch((goAway) -> stream.id() > goAway.lastStreamId());
        }

        @Override
        public void leave() {
            this.current.forEach(Http2Connection::close);
            this.current.clear();
        }
    }
}

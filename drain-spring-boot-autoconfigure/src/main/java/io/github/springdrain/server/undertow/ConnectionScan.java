// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.FailureCollector;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.websockets.core.WebSocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/**
 * Looks at every open connection of a server once, each on its own I/O thread, so that nothing changes while it is being
 * looked at. Nothing is counted along the way of a request, so nothing can drift.
 */
final class ConnectionScan {

    /** An I/O thread that does not come round within this time is being blocked by the application. */
    private static final long TURN_MILLIS = 250;

    private final List<ServerListener> listeners;

    private final Lingering lingering;

    ConnectionScan(List<ServerListener> listeners, Lingering lingering) {
        this.listeners = listeners;
        this.lingering = lingering;
    }

    /**
     * Visits each open connection with its state, on its I/O thread, and returns what is left then. Those of a blocked
     * thread are not visited, but looked at from here, as they seem to be.
     */
    List<ConnectionSnapshot> snapshots(BiConsumer<OpenConnection, ConnectionState> visitor) {
        List<ConnectionSnapshot> snapshots = new ArrayList<>();
        Collection<Turn> turns = takeTurns(visitor, (connection) -> true);
        for (Turn turn : turns) {
            turn.cancel();
            snapshots.addAll(turn.isComplete() ? turn.left : turn.look());
        }
        throwFirst(turns);
        return snapshots;
    }

    /** Visits each HTTP/2 connection, on its I/O thread; those of a blocked thread are left out. */
    void forEachHttp2(Consumer<Http2Connection> visitor) {
        BiConsumer<OpenConnection, ConnectionState> each = (connection, state) -> {
            if (connection instanceof Http2Connection http2) {
                visitor.accept(http2);
            }
        };
        Collection<Turn> turns = takeTurns(each, Http2Connection.class::isInstance);
        turns.forEach(Turn::cancel);
        throwFirst(turns);
    }

    /** Visits each open connection with its state, on its I/O thread; those of a blocked thread from here. */
    void forEach(BiConsumer<OpenConnection, ConnectionState> visitor) {
        Collection<Turn> turns = takeTurns(visitor, (connection) -> true);
        turns.forEach(Turn::run);
        throwFirst(turns);
    }

    /** A connection that throws keeps no other one from its turn. */
    private static void throwFirst(Collection<Turn> turns) {
        FailureCollector failures = new FailureCollector();
        turns.stream().filter(Turn::isComplete).forEach((turn) -> failures.run(turn.failures::throwFirst));
        failures.throwFirst();
    }

    /** How many connections the listeners know, in whatever state. */
    int known() {
        return this.listeners.stream()
                .mapToInt((listener) -> listener.connections().size())
                .sum();
    }

    private Collection<Turn> takeTurns(
            BiConsumer<OpenConnection, ConnectionState> visitor, Predicate<OpenConnection> wanted) {
        Map<XnioIoThread, Turn> turns = new HashMap<>();
        for (ServerListener listener : this.listeners) {
            for (Object candidate : listener.connections()) {
                OpenConnection connection = of(candidate);
                if (connection != null && wanted.test(connection)) {
                    turns.computeIfAbsent(connection.ioThread(), (thread) -> new Turn(visitor))
                            .connections
                            .add(connection);
                }
            }
        }
        CountDownLatch ended = new CountDownLatch(turns.size());
        turns.forEach((thread, turn) -> {
            turn.ended = ended;
            if (!IoThreads.execute(thread, turn)) {
                ended.countDown();
            }
        });
        IoThreads.await(ended, TURN_MILLIS);
        return turns.values();
    }

    private @Nullable OpenConnection of(Object candidate) {
        Object framed = (candidate instanceof HttpServerConnection connection)
                ? Internals.framedChannel(connection.getChannel())
                : candidate;
        if (framed instanceof Http2Channel channel) {
            return new Http2Connection(channel);
        }
        if (framed instanceof WebSocketChannel channel) {
            return new WebSocketConnection(channel);
        }
        return (candidate instanceof HttpServerConnection connection)
                ? new Http1Connection(connection, this.lingering)
                : null;
    }

    /** The connections of one I/O thread; visited once, by whoever comes first. */
    private static final class Turn implements Runnable {

        private final BiConsumer<OpenConnection, ConnectionState> visitor;

        private final List<OpenConnection> connections = new ArrayList<>();

        private final List<ConnectionSnapshot> left = new ArrayList<>();

        private final FailureCollector failures = new FailureCollector();

        private final AtomicBoolean taken = new AtomicBoolean();

        private volatile boolean complete;

        private @Nullable CountDownLatch ended;

        Turn(BiConsumer<OpenConnection, ConnectionState> visitor) {
            this.visitor = visitor;
        }

        @Override
        public void run() {
            if (!this.taken.compareAndSet(false, true)) {
                return;
            }
            try {
                this.failures.runEach(this.connections, this::visit);
                this.complete = true;
            } finally {
                CountDownLatch latch = this.ended;
                if (latch != null) {
                    latch.countDown();
                }
            }
        }

        private void visit(OpenConnection connection) {
            ConnectionState state = connection.state();
            if (state != null) {
                this.visitor.accept(connection, state);
                note(connection, this.left);
            }
        }

        private static void note(OpenConnection connection, List<ConnectionSnapshot> snapshots) {
            ConnectionState state = connection.state();
            if (state != null) {
                snapshots.add(connection.snapshot(state));
            }
        }

        /** What there is, by another thread than the one that did not get through; nothing is known of what it has seen. */
        List<ConnectionSnapshot> look() {
            List<ConnectionSnapshot> seen = new ArrayList<>();
            this.connections.forEach((connection) -> note(connection, seen));
            return seen;
        }

        boolean isComplete() {
            return this.complete;
        }

        void cancel() {
            this.taken.set(true);
        }
    }
}

package io.github.springdrain.netty;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Looks at every open connection of a server once, each on its own event loop, so that nothing changes while it is being
 * looked at.
 */
final class ConnectionScan {

    /** An event loop that does not come round within this time is being blocked by the application. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Connections connections;

    private final Http2Streams streams;

    ConnectionScan(Connections connections, Http2Streams streams) {
        this.connections = connections;
        this.streams = streams;
    }

    Http2Streams streams() {
        return this.streams;
    }

    /** The connections; those of an event loop that the application blocks are looked at from here, as they seem to be. */
    List<ConnectionSnapshot> snapshots() {
        ConcurrentLinkedQueue<ConnectionSnapshot> snapshots = new ConcurrentLinkedQueue<>();
        Thread caller = Thread.currentThread();
        for (Turn turn : takeTurns((connection, state) -> {
            boolean blocked =
                    Thread.currentThread() == caller && !connection.loop().inEventLoop();
            snapshots.add(connection.snapshot(state, this.streams, blocked));
        })) {
            turn.run();
        }
        for (Channel pending : this.connections.pending()) {
            snapshots.add(new ConnectionSnapshot(
                    ConnectionState.ACCEPTED, String.valueOf(pending.remoteAddress()), "?", List.of()));
        }
        return new ArrayList<>(snapshots);
    }

    /** Visits each open connection with its state, on its event loop; those of a blocked event loop are left out. */
    void forEach(BiConsumer<OpenConnection, ConnectionState> visitor) {
        takeTurns(visitor).forEach(Turn::cancel);
    }

    /**
     * Visits each open connection with its state, on its event loop, those of a blocked event loop when it comes round.
     * Tells whether all have been visited.
     */
    boolean forEachInTheEnd(BiConsumer<OpenConnection, ConnectionState> visitor) {
        return takeTurns(visitor).stream().allMatch(Turn::isTaken);
    }

    private Collection<Turn> takeTurns(BiConsumer<OpenConnection, ConnectionState> visitor) {
        Map<EventLoop, List<OpenConnection>> byLoop = new HashMap<>();
        for (OpenConnection connection : this.connections.open()) {
            byLoop.computeIfAbsent(connection.loop(), (loop) -> new ArrayList<>())
                    .add(connection);
        }
        CountDownLatch ended = new CountDownLatch(byLoop.size());
        List<Turn> turns = new ArrayList<>();
        byLoop.forEach((loop, connections) -> {
            Turn turn = new Turn(connections, visitor, ended);
            turns.add(turn);
            if (!EventLoops.execute(loop, turn)) {
                turn.cancel();
                ended.countDown();
            }
        });
        EventLoops.await(ended, TURN_NANOS);
        return turns;
    }

    /** The connections of one event loop; visited once, by whoever comes first. */
    private final class Turn implements Runnable {

        private final List<OpenConnection> connections;

        private final BiConsumer<OpenConnection, ConnectionState> visitor;

        private final CountDownLatch ended;

        private final AtomicBoolean taken = new AtomicBoolean();

        Turn(
                List<OpenConnection> connections,
                BiConsumer<OpenConnection, ConnectionState> visitor,
                CountDownLatch ended) {
            this.connections = connections;
            this.visitor = visitor;
            this.ended = ended;
        }

        @Override
        public void run() {
            if (!this.taken.compareAndSet(false, true)) {
                return;
            }
            try {
                this.connections.forEach(this::visit);
            } finally {
                this.ended.countDown();
            }
        }

        private void visit(OpenConnection connection) {
            ConnectionState state = connection.state(ConnectionScan.this.streams);
            if (state != null) {
                this.visitor.accept(connection, state);
            }
        }

        boolean isTaken() {
            return this.taken.get();
        }

        void cancel() {
            this.taken.set(true);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.FailureCollector;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

    /**
     * The connections; those of an event loop that the application blocks are looked at from here, as they seem to be.
     *
     * @param behind the event loops that are known to be blocked, which are not waited for
     */
    List<ConnectionSnapshot> snapshots(Set<EventLoop> behind) {
        Map<OpenConnection, ConnectionSnapshot> seen = new ConcurrentHashMap<>();
        Thread caller = Thread.currentThread();
        FailureCollector failures = new FailureCollector();
        for (Turn turn : takeTurns((loop) -> !behind.contains(loop), (loop) -> {}, (connection, state) -> {
            boolean blocked =
                    Thread.currentThread() == caller && !connection.loop().inEventLoop();
            seen.put(connection, connection.snapshot(state, this.streams, blocked));
        })) {
            turn.run();
            if (!turn.addFailures(failures)) {
                // Its event loop has begun and did not get through in time: what it has not come to must not be
                // missing.
                turn.visitAll(failures);
            }
        }
        failures.throwFirst();
        List<ConnectionSnapshot> snapshots = new ArrayList<>(seen.values());
        for (Channel pending : this.connections.pending()) {
            snapshots.add(new ConnectionSnapshot(
                    ConnectionState.ACCEPTED, String.valueOf(pending.remoteAddress()), "?", List.of()));
        }
        return snapshots;
    }

    /**
     * Visits each open connection with its state, on its event loop, those of a blocked event loop when it comes round.
     * Leaves out event loops that have not come round since the last visit. Returns whether all have been visited.
     *
     * @param behind the event loops that have a visit to catch up with, kept from one scan to the next
     * @param failures takes what visits have thrown; a connection that throws keeps no other one from its visit
     */
    boolean forEach(
            Set<EventLoop> behind, FailureCollector failures, BiConsumer<OpenConnection, ConnectionState> visitor) {
        boolean allInTime = behind.isEmpty();
        Collection<Turn> turns = takeTurns((loop) -> behind.add(loop), (loop) -> behind.remove(loop), visitor);
        turns.forEach((turn) -> turn.addFailures(failures));
        return allInTime && turns.stream().allMatch(Turn::isTaken);
    }

    /** Does the same, and throws what the first visit that failed has thrown. */
    void forEach(Set<EventLoop> behind, BiConsumer<OpenConnection, ConnectionState> visitor) {
        FailureCollector failures = new FailureCollector();
        forEach(behind, failures, visitor);
        failures.throwFirst();
    }

    private Collection<Turn> takeTurns(
            Predicate<EventLoop> begin, Consumer<EventLoop> end, BiConsumer<OpenConnection, ConnectionState> visitor) {
        Map<EventLoop, List<OpenConnection>> byLoop = new HashMap<>();
        for (OpenConnection connection : this.connections.open()) {
            byLoop.computeIfAbsent(connection.loop(), (loop) -> new ArrayList<>())
                    .add(connection);
        }
        List<Turn> turns = new ArrayList<>();
        byLoop.entrySet().removeIf((entry) -> {
            boolean skipped = !begin.test(entry.getKey());
            if (skipped) {
                turns.add(new Turn(entry.getValue(), visitor, () -> {}));
            }
            return skipped;
        });
        CountDownLatch ended = new CountDownLatch(byLoop.size());
        byLoop.forEach((loop, connections) -> {
            Turn turn = new Turn(connections, visitor, () -> {
                end.accept(loop);
                ended.countDown();
            });
            turns.add(turn);
            if (!EventLoops.execute(loop, turn)) {
                turn.cancel();
            }
        });
        EventLoops.await(ended, TURN_NANOS);
        return turns;
    }

    /** The connections of one event loop; visited once, by whoever comes first. */
    private final class Turn implements Runnable {

        private final List<OpenConnection> connections;

        private final BiConsumer<OpenConnection, ConnectionState> visitor;

        private final Runnable ended;

        private final AtomicBoolean taken = new AtomicBoolean();

        private volatile @Nullable FailureCollector outcome;

        Turn(List<OpenConnection> connections, BiConsumer<OpenConnection, ConnectionState> visitor, Runnable ended) {
            this.connections = connections;
            this.visitor = visitor;
            this.ended = ended;
        }

        @Override
        public void run() {
            if (!this.taken.compareAndSet(false, true)) {
                return;
            }
            FailureCollector failures = new FailureCollector();
            try {
                visitAll(failures);
                this.outcome = failures;
            } finally {
                this.ended.run();
            }
        }

        void visitAll(FailureCollector failures) {
            failures.runEach(this.connections, this::visit);
        }

        /** Adds what its visits have thrown; {@code false} where they have not ended yet. */
        boolean addFailures(FailureCollector failures) {
            FailureCollector ownFailures = this.outcome;
            if (ownFailures == null) {
                return false;
            }
            failures.run(ownFailures::throwFirst);
            return true;
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

        /** An event loop that takes no task has ended, and closed its connections. */
        void cancel() {
            if (this.taken.compareAndSet(false, true)) {
                this.outcome = new FailureCollector();
                this.ended.run();
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.KeptConnection;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Clients of every kind that send until they are refused. Begun and ended by one thread. */
final class Load implements AutoCloseable {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    private static final Duration END_LIMIT = Duration.ofMinutes(2);

    private final RawClient client;

    private final Tally tally = new Tally();

    private final ConcurrentClients<Boolean> clients;

    private volatile boolean ending;

    private Load(RawClient client) {
        this.client = client;
        List<Callable<Boolean>> actions = new ArrayList<>();
        for (ClientKind kind : ClientKind.values()) {
            for (int i = 0; i < kind.clients(); i++) {
                actions.add(() -> sendUntilRefused(kind));
            }
        }
        this.clients = ConcurrentClients.start("proof", actions);
    }

    static Load begin(RawClient client) {
        return new Load(client);
    }

    /**
     * Waits until so many exchanges were complete.
     *
     * @throws IllegalStateException if they are not within {@code limit}, or the clients were refused before
     */
    void awaitComplete(long exchanges, Duration limit) {
        long start = System.nanoTime();
        while (this.tally.count(Outcome.COMPLETE) < exchanges) {
            if (System.nanoTime() - start > limit.toNanos() || this.clients.isDone()) {
                throw new IllegalStateException("Only %d of %d exchanges were complete after %d s%s"
                        .formatted(
                                this.tally.count(Outcome.COMPLETE),
                                exchanges,
                                Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                                this.tally.losses()));
            }
            Moment.await(System.nanoTime(), POLL_INTERVAL);
        }
    }

    /** New connections a second that were served, measured over {@code time}. */
    double connectionsPerSecond(Duration time) {
        long start = System.nanoTime();
        long before = this.tally.count(ClientKind.NEW_CONNECTIONS, Outcome.COMPLETE);
        Moment.await(start, time);
        long after = this.tally.count(ClientKind.NEW_CONNECTIONS, Outcome.COMPLETE);
        return (after - before) * 1e9 / (System.nanoTime() - start);
    }

    /** Waits until every client was refused, and returns what they saw. */
    Tally awaitRefused() {
        this.clients.results(END_LIMIT);
        return this.tally;
    }

    @Override
    public void close() {
        this.ending = true;
    }

    private boolean sendUntilRefused(ClientKind kind) {
        try (KeptConnection kept = new KeptConnection(this.client)) {
            Outcome outcome = Outcome.COMPLETE;
            while (outcome != Outcome.REFUSED && !this.ending) {
                outcome = kind.outcome(kind.exchange(this.client, kept));
                this.tally.add(kind, outcome);
            }
        }
        return true;
    }
}

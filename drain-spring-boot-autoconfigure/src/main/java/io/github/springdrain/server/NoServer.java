// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ListenerStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Has no listener, no connection and nothing to drain, whether there is a server of another kind or not. */
final class NoServer implements DrainableServer {

    private final String name;

    private final BooleanSupplier running;

    NoServer(String name, BooleanSupplier running) {
        this.name = name;
        this.running = running;
    }

    @Override
    public String name() {
        return this.name;
    }

    @Override
    public boolean isDrained() {
        return false;
    }

    @Override
    public boolean isServing() {
        return this.running.getAsBoolean();
    }

    @Override
    public List<ListenerStatus> listeners() {
        return List.of();
    }

    @Override
    public void announce(double closeShare) {}

    @Override
    public void resume() {}

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
        return AcceptQueueOutcome.NOTHING;
    }

    @Override
    public void closeListeners(Duration remaining) {}

    @Override
    public List<ConnectionSnapshot> connections() {
        return List.of();
    }

    @Override
    public void closeIdle(IdleLimits limits) {}

    @Override
    public int lingering() {
        return 0;
    }

    @Override
    public ServerTotals totals() {
        return new ServerTotals(0, 0, 0);
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {}
}

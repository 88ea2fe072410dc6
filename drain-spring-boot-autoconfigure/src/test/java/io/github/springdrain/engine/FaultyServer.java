// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.ServerTotals;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A scripted server each of whose methods throws what a {@link Fault} says. */
final class FaultyServer extends ScriptedServer {

    private final Fault fault;

    private final Supplier<DrainPhase> phase;

    int closeAttempts;

    boolean closed;

    FaultyServer(Fault fault, Supplier<DrainPhase> phase) {
        this.fault = fault;
        this.phase = phase;
    }

    private void in(String method) {
        this.fault.in(method, this.phase.get());
    }

    @Override
    public String name() {
        in("name");
        return super.name();
    }

    @Override
    public boolean isServing() {
        in("isServing");
        return super.isServing();
    }

    @Override
    public List<ListenerStatus> listeners() {
        in("listeners");
        return super.listeners();
    }

    @Override
    public void announce(double closeShare) {
        in("announce");
        super.announce(closeShare);
    }

    @Override
    public void resume() {
        in("resume");
        super.resume();
    }

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
        in("emptyAcceptQueue");
        return super.emptyAcceptQueue(settings, remaining);
    }

    @Override
    public void closeListeners(Duration remaining) {
        this.closeAttempts++;
        in("closeListeners");
        super.closeListeners(remaining);
        this.closed = true;
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        in("connections");
        return super.connections();
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        in("closeIdle");
        super.closeIdle(limits);
    }

    @Override
    public int lingering() {
        in("lingering");
        return super.lingering();
    }

    @Override
    public ServerTotals totals() {
        in("totals");
        return super.totals();
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        in("abort");
        super.abort(spare);
    }
}

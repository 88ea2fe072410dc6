// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.ServerTotals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A server that does what a test says, and remembers what it was asked for. */
class ScriptedServer implements DrainableServer {

    final List<String> calls = new ArrayList<>();

    final Map<String, ConnectionSnapshot> open = new LinkedHashMap<>();

    final List<Double> closeShares = new ArrayList<>();

    long accepted;

    long requests;

    int lingering;

    int totalsRead;

    AcceptQueueOutcome acceptQueueOutcome = new AcceptQueueOutcome("DEVICE_GATE", "", 3, 0, 0, true, false);

    static ConnectionSnapshot connection(ConnectionState state, String path) {
        RequestSnapshot request = new RequestSnapshot("GET", path, Duration.ofSeconds(1), 0, 0, "worker");
        boolean hasRequest = state == ConnectionState.IN_SERVICE || state == ConnectionState.RESPONDING;
        return new ConnectionSnapshot(state, "192.0.2.1:4711", "HTTP/1.1", hasRequest ? List.of(request) : List.of());
    }

    void opens(String name, ConnectionState state) {
        this.open.put(name, connection(state, "/" + name));
    }

    /** Opens a connection whose request no thread serves. */
    void opensSuspended(String name) {
        RequestSnapshot request = new RequestSnapshot("GET", "/" + name, Duration.ofSeconds(1), 0, 0, null, true);
        this.open.put(
                name,
                new ConnectionSnapshot(ConnectionState.IN_SERVICE, "192.0.2.1:4711", "HTTP/1.1", List.of(request)));
    }

    void ends(String name) {
        this.open.remove(name);
        this.requests++;
    }

    private void called(String name) {
        if (this.calls.isEmpty() || !this.calls.get(this.calls.size() - 1).equals(name)) {
            this.calls.add(name);
        }
    }

    @Override
    public String name() {
        return "Scripted";
    }

    @Override
    public boolean isServing() {
        return true;
    }

    @Override
    public List<ListenerStatus> listeners() {
        return List.of(new ListenerStatus("scripted", 8080, true, "DEVICE_GATE", "because"));
    }

    @Override
    public void announce(double closeShare) {
        this.closeShares.add(closeShare);
        if (!this.calls.contains("closeListeners")) {
            called("announce");
        }
    }

    @Override
    public void resume() {
        called("resume");
    }

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
        called("emptyAcceptQueue");
        return this.acceptQueueOutcome;
    }

    @Override
    public void closeListeners(Duration remaining) {
        called("closeListeners");
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        return List.copyOf(this.open.values());
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        called("closeIdle");
        this.open.values().removeIf((connection) -> connection.state() == ConnectionState.IDLE);
    }

    @Override
    public int lingering() {
        return this.lingering;
    }

    @Override
    public ServerTotals totals() {
        this.totalsRead++;
        return new ServerTotals(this.accepted, this.requests, this.lingering);
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        called("abort");
        this.open.values().removeIf(spare.negate());
    }
}

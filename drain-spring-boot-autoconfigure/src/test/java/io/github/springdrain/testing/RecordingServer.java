// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A server without sockets: has the connections a test gives it and writes down what is done to it. */
public final class RecordingServer implements DrainableServer {

    private final List<String> story;

    private final List<ConnectionSnapshot> connections = new CopyOnWriteArrayList<>();

    private volatile boolean serving = true;

    private volatile Runnable beforeScan = () -> {};

    private final AtomicInteger scans = new AtomicInteger();

    private volatile ServerTotals totals = new ServerTotals(0, 0, 0);

    private volatile boolean failingToCount;

    public RecordingServer() {
        this(new CopyOnWriteArrayList<>());
    }

    /** Creates a server that writes into a story that others write into, too. */
    public RecordingServer(List<String> story) {
        this.story = story;
    }

    public List<String> story() {
        return this.story;
    }

    public ConnectionSnapshot open(ConnectionState state, String method, String path) {
        RequestSnapshot request = new RequestSnapshot(method, path, Duration.ofSeconds(3), 0, 12, "exec-1");
        return open(new ConnectionSnapshot(state, "192.0.2.1:4711", "HTTP/1.1", List.of(request)));
    }

    /** Opens a connection with a request that no thread is at work on. */
    public ConnectionSnapshot openSuspended(String method, String path) {
        RequestSnapshot request = new RequestSnapshot(method, path, Duration.ofSeconds(3), 0, 12, null, true);
        return open(new ConnectionSnapshot(ConnectionState.IN_SERVICE, "192.0.2.1:4712", "HTTP/1.1", List.of(request)));
    }

    public ConnectionSnapshot open(ConnectionSnapshot connection) {
        this.connections.add(connection);
        return connection;
    }

    public void close(ConnectionSnapshot connection) {
        this.connections.remove(connection);
    }

    /** Runs something before every scan, on the thread that scans. */
    public void beforeScan(Runnable action) {
        this.beforeScan = action;
    }

    public void stop() {
        this.serving = false;
    }

    public void total(long accepted, long requests, int lingering) {
        this.totals = new ServerTotals(accepted, requests, lingering);
    }

    /** Has {@link #totals()} throw. */
    public void failsToCount(boolean value) {
        this.failingToCount = value;
    }

    /** How often the connections were looked at, one by one or to be counted. */
    public int scans() {
        return this.scans.get();
    }

    private void record(String event) {
        if (!this.story.contains(event)) {
            this.story.add(event);
        }
    }

    @Override
    public String name() {
        return "Recording";
    }

    @Override
    public boolean isServing() {
        return this.serving;
    }

    @Override
    public List<ListenerStatus> listeners() {
        return List.of(
                new ListenerStatus("http", 8080, !this.story.contains("closeListeners"), "QUIET_PERIOD", "no kernel"));
    }

    @Override
    public void announce(double closeShare) {
        record("announce");
    }

    @Override
    public void resume() {
        record("resume");
    }

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
        record("emptyAcceptQueue");
        return new AcceptQueueOutcome("QUIET_PERIOD", "", 2, 0, 0, true, false);
    }

    @Override
    public void closeListeners(Duration remaining) {
        record("closeListeners");
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        this.scans.incrementAndGet();
        this.beforeScan.run();
        return List.copyOf(this.connections);
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        record("closeIdle");
    }

    @Override
    public int lingering() {
        return this.totals.lingering();
    }

    @Override
    public ServerTotals totals() {
        this.scans.incrementAndGet();
        if (this.failingToCount) {
            throw new IllegalStateException("for the test");
        }
        return this.totals;
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        record("abort");
        this.connections.removeIf(spare.negate());
    }
}

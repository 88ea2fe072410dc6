// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.grpc;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.acceptqueue.ServerGate;
import io.grpc.Server;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycleEvent;
import org.springframework.grpc.server.lifecycle.GrpcServerShutdownEvent;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;
import org.springframework.grpc.server.lifecycle.GrpcServerTerminatedEvent;

/**
 * The servers that Spring gRPC starts on ports of their own. Their accept queues are emptied behind the gate, then gRPC
 * shuts them down with the two GOAWAY frames of its own, calls are awaited, and what is left at the deadline is ended with
 * a status. The calls of a servlet container are awaited by the drain of that one; at the deadline they get their status
 * here. A server that is reached within the process is left to Spring: requests in service may call it.
 *
 * <p>Spring gRPC does not wait for a server that is shut down already, so this waits in the same lifecycle phase, and what
 * calls need is stopped after it. Thread-safe.
 */
public final class GrpcServers
        implements DrainParticipant, DrainListener, SmartLifecycle, ApplicationListener<GrpcServerLifecycleEvent> {

    private static final Logger logger = LoggerFactory.getLogger(GrpcServers.class);

    /** What Netty gets to hand on the connection that it has accepted last. */
    private static final long HAND_ON_MILLIS = 100;

    /** A client opens no more calls this long after it was sent the GOAWAY, or is gone. */
    private static final Duration LAST_CALL_GRACE = Duration.ofSeconds(1);

    /** What the status of an aborted call gets to be written. */
    private static final long LAST_WRITE_MILLIS = 200;

    private static final long LOOK_MILLIS = 10;

    private final GrpcCalls<?> calls;

    private final AcceptQueueLimits limits;

    private final Supplier<ServerGate> newGate;

    private final ListableBeanFactory beans;

    private final Map<GrpcServerLifecycle, Server> servers = new ConcurrentHashMap<>();

    private volatile @Nullable ServerGate gate;

    /** Of the drain that has shut the servers down. */
    private volatile @Nullable DrainTimeline timeline;

    private volatile long lastCallNanos;

    private volatile boolean over;

    private volatile boolean running;

    /**
     * Creates the participant.
     *
     * @param limits how long to empty the accept queues
     * @param newGate called when the first server has started
     * @param beans those of the context whose servers these are
     */
    public GrpcServers(
            GrpcCalls<?> calls, AcceptQueueLimits limits, Supplier<ServerGate> newGate, ListableBeanFactory beans) {
        this.calls = calls;
        this.limits = limits;
        this.newGate = newGate;
        this.beans = beans;
    }

    @Override
    public void onApplicationEvent(GrpcServerLifecycleEvent event) {
        GrpcServerLifecycle lifecycle = event.getSource();
        Server server = event.getServer();
        if (event instanceof GrpcServerStartedEvent) {
            if (isOwn(lifecycle) && !GrpcListener.of(server).isEmpty()) {
                started(lifecycle, server);
            }
        } else if (event instanceof GrpcServerShutdownEvent) {
            if (!server.isShutdown() && this.servers.containsKey(lifecycle)) {
                // The context is stopped and not closed: there is no drain.
                emptyAcceptQueues(List.of(server), this.limits.timeout());
            }
        } else if (event instanceof GrpcServerTerminatedEvent) {
            this.servers.remove(lifecycle, server);
        }
    }

    /** A child context hands its events up. */
    private boolean isOwn(GrpcServerLifecycle lifecycle) {
        return this.beans
                .getBeansOfType(GrpcServerLifecycle.class, false, false)
                .containsValue(lifecycle);
    }

    private void started(GrpcServerLifecycle lifecycle, Server server) {
        this.servers.put(lifecycle, server);
        this.timeline = null;
        this.over = false;
        ServerGate known = this.gate;
        if (known == null) {
            this.gate = this.newGate.get();
        } else {
            known.forget();
        }
    }

    @Override
    public String name() {
        return "gRPC calls";
    }

    @Override
    public void phaseEntered(DrainPhase phase, DrainTimeline current) {
        switch (phase) {
            case EMPTYING_ACCEPT_QUEUE -> emptyAcceptQueues(List.copyOf(this.servers.values()), current.untilForce());
            case CLOSED_TO_NEW -> shutDown(current);
            case FORCING -> abortCalls();
            case RUNNING, ANNOUNCED, FINISHING, DRAINED -> {
                // Nothing is to be done.
            }
        }
    }

    private void emptyAcceptQueues(List<Server> from, Duration remaining) {
        ServerGate known = this.gate;
        if (known == null || from.isEmpty()) {
            return;
        }
        known.watch(() -> from.stream()
                .flatMap((server) -> GrpcListener.of(server).stream())
                .toList());
        known.empty(this.limits, remaining, () -> {}, () -> 0);
        pause(Math.min(HAND_ON_MILLIS, remaining.toMillis()));
    }

    private void shutDown(DrainTimeline current) {
        this.lastCallNanos = System.nanoTime();
        this.timeline = current;
        this.servers.values().forEach(Server::shutdown);
        ServerGate known = this.gate;
        if (known != null) {
            known.awaitClosed(current.untilForce());
        }
    }

    @Override
    public boolean isActive(Duration remaining) {
        return activeWork(remaining) > 0;
    }

    /** The calls of a servlet container are its requests, and counted there. */
    @Override
    public int activeWork(Duration remaining) {
        if (this.servers.isEmpty()) {
            return 0;
        }
        int open = this.calls.count();
        return (open == 0 && isCallExpected()) ? 1 : open;
    }

    /** Whether clients that have not seen the last GOAWAY may still open a call. */
    private boolean isCallExpected() {
        if (this.timeline == null || this.servers.values().stream().allMatch(Server::isTerminated)) {
            return false;
        }
        return System.nanoTime() - this.lastCallNanos < LAST_CALL_GRACE.toNanos();
    }

    /** Before connections are aborted, so that the status gets through. */
    private void abortCalls() {
        List<GrpcCall<?, ?>> left = this.calls.list();
        if (left.isEmpty()) {
            return;
        }
        logger.warn(
                "gRPC calls that were aborted when the time was over: {}",
                left.stream().map(GrpcCall::describe).sorted().toList());
        left.forEach(GrpcServers::abort);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WRITE_MILLIS);
        while (this.calls.count() > 0 && end - System.nanoTime() > 0) {
            pause(LOOK_MILLIS);
        }
    }

    private static void abort(GrpcCall<?, ?> call) {
        try {
            call.abort();
        } catch (RuntimeException ex) {
            logger.debug("The gRPC call has ended by itself", ex);
        }
    }

    @Override
    public void force() {
        this.servers.values().forEach(Server::shutdownNow);
    }

    /** Ends what is left without a call: clients that watch the server's health, and those that are gone. */
    @Override
    public void drained(DrainReport report) {
        this.over = true;
        end();
    }

    /** A lifecycle that is not told would not start its server again. */
    private void end() {
        this.servers.forEach((lifecycle, server) -> {
            server.shutdownNow();
            lifecycle.stop();
        });
    }

    @Override
    public void start() {
        this.running = true;
    }

    @Override
    public void stop() {
        this.running = false;
        DrainTimeline current = this.timeline;
        if (current == null) {
            return;
        }
        while (!this.over && !current.remaining().isZero() && activeWork(current.remaining()) > 0) {
            pause(LOOK_MILLIS);
        }
        end();
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    /** That of Spring gRPC's own lifecycle. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public boolean isPauseable() {
        return false;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}

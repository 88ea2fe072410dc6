// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.DrainClock;
import io.github.springdrain.server.GateLevel;
import io.github.springdrain.server.GatedListener;
import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this machine offers to empty an accept queue without losing a connection: the kernel is asked to refuse new
 * handshakes on a listener and to complete those it has begun. Immutable and thread-safe.
 *
 * <p>It costs nothing until {@link AcceptQueues#empty} is called. It never writes a file and needs no privileges where
 * the level is {@link GateLevel#DEVICE_GATE}.
 */
public final class ListenerGate {

    private static final boolean IS_LINUX = "Linux".equals(System.getProperty("os.name"));

    private final ProcSelf proc;

    private final GateLevel level;

    private final String reason;

    private final Map<Gate, SocketCalls> gates = new EnumMap<>(Gate.class);

    private final Steering steering;

    private final SynCookies cookies;

    ListenerGate(ProcSelf proc, GateLevel level, String reason, Map<Gate, SocketCalls> gates) {
        this(proc, level, reason, gates, Steering.NONE);
    }

    ListenerGate(ProcSelf proc, GateLevel level, String reason, Map<Gate, SocketCalls> gates, Steering steering) {
        this.proc = proc;
        this.level = level;
        this.reason = reason;
        this.gates.putAll(gates);
        this.steering = steering;
        this.cookies = new SynCookies(proc);
    }

    /** Which gates may be used. */
    public enum Mode {

        /** The best one that works. */
        AUTO,

        /** The device gate or none. */
        DEVICE,

        /** The SYN filter or none. */
        SYN_FILTER,

        /** None. */
        OFF;

        private Set<Gate> gates() {
            return switch (this) {
                case AUTO -> EnumSet.allOf(Gate.class);
                case DEVICE -> EnumSet.of(Gate.DEVICE);
                case SYN_FILTER -> EnumSet.of(Gate.SYN_FILTER);
                case OFF -> EnumSet.noneOf(Gate.class);
            };
        }
    }

    /**
     * Finds out what works here, by a self-test on listeners of 127.0.0.1 that are thrown away. Takes about 0.1 s the
     * first time; meant for the start of the application, off its main path. Never throws: whatever fails is named in
     * {@link #reason()}.
     */
    public static ListenerGate probe(Mode mode) {
        if (!IS_LINUX) {
            String reason = "Only Linux shows its accept queues, this is " + System.getProperty("os.name");
            return new ListenerGate(
                    ProcSelf.SYSTEM, GateLevel.QUIET_PERIOD, reason, Map.of(), Steering.none("only Linux does that"));
        }
        return probe(mode, ProcSelf.SYSTEM, BackEnd.ALL);
    }

    static ListenerGate probe(Mode mode, ProcSelf proc, List<BackEnd> backEnds) {
        return new GateProbe(proc, backEnds).run(mode.gates());
    }

    /** How well accept queues can be emptied here. */
    public GateLevel level() {
        return this.level;
    }

    /** By which means it works, or why the level is not a better one; a sentence without a full stop. */
    public String reason() {
        return this.reason;
    }

    /** Why new handshakes cannot be steered to another listener on the same address; empty where they can be. */
    public Optional<String> unsteerable() {
        return this.steering.refusal();
    }

    /**
     * Learns which socket is a listener's own, which no one can tell any more once another of this process listens on the
     * same address. To be called right after it was bound. Never throws.
     */
    public static void claim(GatedListener listener) {
        if (!IS_LINUX) {
            return;
        }
        ProcSelf proc = ProcSelf.SYSTEM;
        try {
            ListenSockets.NONE.refresh(
                    proc, listener.address(), (inodes) -> proc.claims().claim(listener, inodes));
        } catch (IOException | RuntimeException ex) {
            // Looked for once more when a drain begins, which says why it cannot be found.
            return;
        }
    }

    /**
     * Does what {@link #claim} does, and leaves new handshakes to whoever began to listen on the same address before.
     * Never throws.
     *
     * @return whether others listen there
     */
    public boolean standBy(GatedListener listener) {
        AcceptQueue queue = new AcceptQueue(listener, this, (note) -> {});
        queue.standBy();
        return queue.isShared();
    }

    /**
     * Finds the sockets of a server's listeners and starts to watch for SYN cookies. Changes nothing yet; meant for the
     * moment a drain begins. Never throws: what cannot be found is emptied at a weaker level, and named in the outcome.
     */
    public AcceptQueues prepare(List<? extends GatedListener> listeners) {
        return prepare(listeners, DrainClock.SYSTEM);
    }

    AcceptQueues prepare(List<? extends GatedListener> listeners, DrainClock clock) {
        return new AcceptQueues(this, listeners, clock);
    }

    /** Whether a better level is a matter of configuration: everywhere but on systems that are not Linux. */
    public boolean canBeMended() {
        return IS_LINUX;
    }

    ProcSelf proc() {
        return this.proc;
    }

    /** Whether the kernel has sent SYN cookies since this object was made, at the start of the application. */
    boolean hasSeenCookies() {
        return this.cookies.inUse().isPresent();
    }

    boolean has(Gate gate) {
        return this.gates.containsKey(gate);
    }

    /** Sets the best of the allowed gates that the socket takes; there is none if the result is {@link GateLevel#QUEUE_OBSERVED}. */
    GateLevel set(ListenSockets.Descriptor socket, Set<Gate> allowed, Consumer<String> notes) {
        for (Map.Entry<Gate, SocketCalls> entry : this.gates.entrySet()) {
            Gate gate = entry.getKey();
            if (allowed.contains(gate) && isSet(gate, entry.getValue(), socket, notes)) {
                return gate.level();
            }
        }
        return GateLevel.QUEUE_OBSERVED;
    }

    /** Has the kernel give new handshakes of the socket's group to one of its members, and returns whether it does. */
    boolean steer(ListenSockets.Descriptor socket, int index, Consumer<String> notes) {
        SocketCalls calls = this.steering.calls();
        if (calls == null || !this.proc.isOpen(socket)) {
            return false;
        }
        try {
            calls.steer(socket.fd(), index);
            return true;
        } catch (IOException | RuntimeException ex) {
            notes.accept("new clients are not steered to another listener: " + BackEnd.describe(ex));
            return false;
        }
    }

    private boolean isSet(Gate gate, SocketCalls calls, ListenSockets.Descriptor socket, Consumer<String> notes) {
        // The number may have gone to another socket, which would lose its connection.
        if (!this.proc.isOpen(socket)) {
            notes.accept("its descriptor " + socket.fd() + " was closed before the gate was set");
            return false;
        }
        try {
            gate.set(calls, socket.fd());
            return true;
        } catch (IOException | RuntimeException ex) {
            notes.accept("no " + gate.level().description() + ": " + BackEnd.describe(ex));
            return false;
        }
    }

    /**
     * Whether the kernel can be told which listener of a group gets new handshakes.
     *
     * @param calls how; {@code null} where it cannot
     * @param refusal why it cannot; empty where it can
     */
    record Steering(@Nullable SocketCalls calls, Optional<String> refusal) {

        static final Steering NONE = none("it was not tried");

        static Steering by(SocketCalls calls) {
            return new Steering(calls, Optional.empty());
        }

        static Steering none(String reason) {
            return new Steering(null, Optional.of(reason));
        }
    }
}

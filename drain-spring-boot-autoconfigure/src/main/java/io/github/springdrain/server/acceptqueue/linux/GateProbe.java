// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.GateLevel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out which gates work here, and whether steering does, by trying them with one back end after the other. */
final class GateProbe {

    private final ProcSelf proc;

    private final List<BackEnd> backEnds;

    private final List<String> unsteerable = new ArrayList<>();

    private @Nullable SocketCalls steering;

    GateProbe(ProcSelf proc, List<BackEnd> backEnds) {
        this.proc = proc;
        this.backEnds = backEnds;
    }

    ListenerGate run(Set<Gate> wanted) {
        try {
            this.proc.sockets(Set.of());
            this.proc.listenRows();
        } catch (IOException ex) {
            return none(GateLevel.QUIET_PERIOD, "The kernel's tables cannot be read: " + ex);
        }
        if (wanted.isEmpty()) {
            this.unsteerable.add("the gate is switched off");
            return none(GateLevel.QUEUE_OBSERVED, "The gate is switched off");
        }
        List<String> refusals = new ArrayList<>();
        for (BackEnd backEnd : this.backEnds) {
            List<String> refused = new ArrayList<>();
            Map<Gate, SocketCalls> working = working(wanted, backEnd, refused);
            if (!working.isEmpty()) {
                return found(working, backEnd, refused);
            }
            refusals.addAll(refused);
        }
        return none(GateLevel.QUEUE_OBSERVED, "No gate: " + String.join("; ", refusals));
    }

    private Map<Gate, SocketCalls> working(Set<Gate> wanted, BackEnd backEnd, List<String> refused) {
        Map<Gate, SocketCalls> working = new EnumMap<>(Gate.class);
        try {
            SocketCalls calls = backEnd.opener().call();
            for (Gate gate : wanted) {
                tryGate(gate, calls, backEnd, working, refused);
            }
            trySteering(calls, backEnd);
        } catch (Exception | LinkageError ex) {
            String refusal = backEnd.name() + ": " + BackEnd.describe(ex);
            refused.add(refusal);
            this.unsteerable.add(refusal);
        }
        return working;
    }

    private void trySteering(SocketCalls calls, BackEnd backEnd) {
        if (this.steering != null) {
            return;
        }
        try {
            new SteeringTrial(calls, this.proc).run();
            this.steering = calls;
        } catch (IOException | RuntimeException ex) {
            this.unsteerable.add(backEnd.name() + ": " + BackEnd.describe(ex));
        }
    }

    private ListenerGate.Steering steering() {
        SocketCalls calls = this.steering;
        return (calls != null)
                ? ListenerGate.Steering.by(calls)
                : ListenerGate.Steering.none(String.join("; ", this.unsteerable));
    }

    private void tryGate(
            Gate gate, SocketCalls calls, BackEnd backEnd, Map<Gate, SocketCalls> working, List<String> refused) {
        try {
            new Trial(gate, calls, this.proc).run();
            working.put(gate, calls);
        } catch (IOException | RuntimeException ex) {
            refused.add(gate.level().description() + " by " + backEnd.name() + ": " + BackEnd.describe(ex));
        }
    }

    private ListenerGate found(Map<Gate, SocketCalls> working, BackEnd backEnd, List<String> refused) {
        boolean best = working.containsKey(Gate.DEVICE);
        String means = "Set by " + backEnd.name();
        String reason = (best || refused.isEmpty()) ? means : means + "; " + String.join("; ", refused);
        return new ListenerGate(
                this.proc, best ? GateLevel.DEVICE_GATE : GateLevel.SYN_FILTER, reason, working, steering());
    }

    private ListenerGate none(GateLevel level, String reason) {
        return new ListenerGate(this.proc, level, reason, Map.of(), steering());
    }

    /**
     * A trial of one gate with one back end, on a listener of 127.0.0.1 that is thrown away: a connection that was there
     * before must survive, one that comes after must not get through.
     */
    private static final class Trial {

        private static final byte[] LOOPBACK = {127, 0, 0, 1};

        private static final int BACKLOG = 8;

        private static final int CONNECT_MILLIS = 1000;

        /** On loopback the kernel completes a handshake within the call, so what takes longer was dropped. */
        private static final int DROPPED_MILLIS = 100;

        private final Gate gate;

        private final SocketCalls calls;

        private final ProcSelf proc;

        Trial(Gate gate, SocketCalls calls, ProcSelf proc) {
            this.gate = gate;
            this.calls = calls;
            this.proc = proc;
        }

        /**
         * Runs the trial.
         *
         * @throws IOException if the gate cannot be set, or does not work; the message says which
         */
        void run() throws IOException {
            try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
                    SocketChannel before = SocketChannel.open(StandardProtocolFamily.INET)) {
                listener.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0), BACKLOG);
                listener.configureBlocking(false);
                InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
                before.socket().connect(address, CONNECT_MILLIS);
                this.gate.set(this.calls, find(address).fd());
                requireClosed(address);
                requireQueued(listener);
            }
        }

        private ListenSockets.Descriptor find(InetSocketAddress address) throws IOException {
            List<ListenSockets.Descriptor> sockets =
                    ListenSockets.find(this.proc, address).own();
            if (sockets.isEmpty()) {
                throw new IOException("the kernel does not show the listener of the self-test at " + address);
            }
            return sockets.get(0);
        }

        private void requireClosed(InetSocketAddress address) throws IOException {
            boolean refusing = this.gate == Gate.DEVICE;
            try (SocketChannel after = SocketChannel.open(StandardProtocolFamily.INET)) {
                after.socket().connect(address, refusing ? CONNECT_MILLIS : DROPPED_MILLIS);
            } catch (ConnectException ex) {
                if (refusing) {
                    return;
                }
                throw ex;
            } catch (SocketTimeoutException ex) {
                if (!refusing) {
                    return;
                }
                throw ex;
            }
            throw new IOException("it was set, and a new connection of the self-test came through");
        }

        private static void requireQueued(ServerSocketChannel listener) throws IOException {
            try (SocketChannel queued = listener.accept()) {
                if (queued == null) {
                    throw new IOException("it was set, and the connection that waited in the queue is gone");
                }
            }
        }
    }
}

package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.GateLevel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out which gates work here, by trying them with one back end after the other. */
final class GateProbe {

    private final ProcSelf proc;

    private final List<BackEnd> backEnds;

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
        } catch (Exception | LinkageError ex) {
            refused.add(backEnd.name() + ": " + BackEnd.describe(ex));
        }
        return working;
    }

    private void tryGate(
            Gate gate, SocketCalls calls, BackEnd backEnd, Map<Gate, SocketCalls> working, List<String> refused) {
        try {
            new GateTrial(gate, calls, this.proc).run();
            working.put(gate, calls);
        } catch (IOException | RuntimeException ex) {
            refused.add(gate.level().description() + " by " + backEnd.name() + ": " + BackEnd.describe(ex));
        }
    }

    private ListenerGate found(Map<Gate, SocketCalls> working, BackEnd backEnd, List<String> refused) {
        boolean best = working.containsKey(Gate.DEVICE);
        String means = "Set by " + backEnd.name();
        String reason = (best || refused.isEmpty()) ? means : means + "; " + String.join("; ", refused);
        return new ListenerGate(this.proc, best ? GateLevel.DEVICE_GATE : GateLevel.SYN_FILTER, reason, working);
    }

    private ListenerGate none(GateLevel level, String reason) {
        return new ListenerGate(this.proc, level, reason, Map.of());
    }
}

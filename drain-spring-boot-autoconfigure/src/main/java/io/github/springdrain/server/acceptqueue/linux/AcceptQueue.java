// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.GateLevel;
import io.github.springdrain.server.GatedListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The accept queue of one listener. Not thread-safe. */
final class AcceptQueue {

    /** A SYN that the kernel looked at just before the gate was set may still be on its way into the table. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** A handshake by cookie can only be waited for: this long covers a round trip, or one retransmission. */
    static final long COOKIE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final GatedListener listener;

    private final ListenerGate gate;

    private final Consumer<String> notes;

    private ListenSockets sockets = ListenSockets.NONE;

    /** The kernel's tables could not be read when the sockets were looked for last. */
    private boolean unseen;

    /** New handshakes are steered to another listener. */
    private boolean steered;

    private GateLevel level;

    private long settleNanos = SETTLE_NANOS;

    private long gatedAt;

    private long acceptedBefore;

    private long accepted;

    private long quietSince;

    AcceptQueue(GatedListener listener, ListenerGate gate, Consumer<String> notes) {
        this.listener = listener;
        this.gate = gate;
        this.notes = notes;
        this.level = gate.level();
    }

    GateLevel level() {
        return this.level;
    }

    /** The inodes of the sockets; none where they could not be found. */
    Set<Long> inodes() {
        return this.sockets.ownInodes();
    }

    /** Whether nobody knows what the kernel holds, although it could be seen before. */
    boolean isUnseen() {
        return this.unseen;
    }

    /** Connections accepted since {@link #shut}. */
    long accepted() {
        return this.accepted - this.acceptedBefore;
    }

    /** Whether a gate is set, and something was accepted behind it and within that time. */
    boolean isGettingOn(long now, long patienceNanos) {
        boolean gated = this.level == GateLevel.DEVICE_GATE || this.level == GateLevel.SYN_FILTER;
        return gated && accepted() > 0 && now - this.quietSince < patienceNanos;
    }

    /** Finds the sockets, or makes sure that those found are still the ones. */
    void resolve() {
        if (this.gate.level() == GateLevel.QUIET_PERIOD) {
            return;
        }
        try {
            this.sockets = this.sockets.refresh(this.gate.proc(), this.listener.address(), this::claim);
            this.unseen = false;
        } catch (IOException | RuntimeException ex) {
            this.unseen = true;
            this.sockets = ListenSockets.NONE;
            note("its socket cannot be found: " + ex);
        }
    }

    private Set<Long> claim(Set<Long> inodes) {
        return this.gate.proc().claims().claim(this.listener, inodes);
    }

    /** Whether others listen on the very same address. */
    boolean isShared() {
        return !this.sockets.others().isEmpty();
    }

    /** Whether new handshakes get to another listener, and none to this one. */
    boolean isSteered() {
        return this.steered;
    }

    /** Leaves new handshakes to whoever began to listen first. To be called right after the listener was bound. */
    void standBy() {
        resolve();
        this.gate.proc().claims().setPredecessors(this.listener, this.sockets.others());
        steer(ReusePortIndex.FIRST);
    }

    /** Has new handshakes go to another listener, if there is one. */
    void handOver() {
        resolve();
        if (this.gate.level() == GateLevel.QUIET_PERIOD || !isShared()) {
            this.steered = false;
            return;
        }
        Set<Long> predecessors = this.gate.proc().claims().predecessors(this.listener);
        boolean standingBy = this.sockets.others().stream().anyMatch(predecessors::contains);
        this.steered = steer(standingBy ? ReusePortIndex.FIRST : ReusePortIndex.NEXT);
    }

    /** Has new handshakes go to this listener again, unless it stood by. */
    void takeBack() {
        if (this.steered) {
            this.steered = false;
            steer(ReusePortIndex.FIRST);
        }
    }

    private boolean steer(int index) {
        boolean done = !this.sockets.own().isEmpty();
        for (ListenSockets.Descriptor socket : this.sockets.own()) {
            done &= this.gate.steer(socket, index, this::note);
        }
        return done;
    }

    /** Starts to count, and keeps new handshakes away by the best gate that loses nothing here. */
    void shut(Optional<String> cookies, long now) {
        this.acceptedBefore = readAccepted();
        this.accepted = this.acceptedBefore;
        this.quietSince = now;
        this.gatedAt = now;
        resolve();
        if (this.steered) {
            // A handshake by cookie completes at any listener of the group.
            this.level = setGate(Optional.empty());
        } else {
            this.level = this.sockets.own().isEmpty() ? unresolved() : setGate(cookies);
        }
    }

    private GateLevel unresolved() {
        if (this.gate.level() != GateLevel.QUIET_PERIOD) {
            note("it is not among the sockets this process listens on; closing after a quiet period");
        }
        return GateLevel.QUIET_PERIOD;
    }

    private GateLevel setGate(Optional<String> cookies) {
        if (isShared() && !this.steered) {
            note("another listener has its address, and new clients cannot be steered there before it closes ("
                    + this.gate.unsteerable().orElse("refused") + ")");
        }
        if (this.gate.level() == GateLevel.QUEUE_OBSERVED) {
            return GateLevel.QUEUE_OBSERVED;
        }
        Set<Gate> allowed = cookies.isEmpty() ? EnumSet.allOf(Gate.class) : allowedWithCookies(cookies.get());
        GateLevel weakest = GateLevel.DEVICE_GATE;
        for (ListenSockets.Descriptor socket : this.sockets.own()) {
            weakest = weakest.orWeaker(this.gate.set(socket, allowed, this::note));
        }
        return weakest;
    }

    private Set<Gate> allowedWithCookies(String cookies) {
        if (this.gate.has(Gate.SYN_FILTER)) {
            this.settleNanos = COOKIE_NANOS;
            note(cookies + ", so handshakes were given 1 s behind a SYN filter");
            return EnumSet.of(Gate.SYN_FILTER);
        }
        note(cookies
                + ", which a device gate would refuse, and no SYN filter works here; closing after a quiet period");
        return EnumSet.noneOf(Gate.class);
    }

    /**
     * Whether nothing waits, by the means of the level.
     *
     * @param rows the kernel's listening sockets; null where they cannot be read
     */
    boolean isEmpty(@Nullable List<ListenRow> rows, long now, long quietNanos) {
        long count = readAccepted();
        if (count != this.accepted) {
            this.accepted = count;
            this.quietSince = now;
        }
        boolean quiet = now - this.quietSince >= quietNanos;
        if (rows == null || this.level == GateLevel.QUIET_PERIOD) {
            return quiet;
        }
        boolean ungated = this.level == GateLevel.QUEUE_OBSERVED && !this.steered;
        boolean settled = ungated ? quiet : now - this.gatedAt >= this.settleNanos;
        return settled && this.sockets.own().stream().allMatch((socket) -> isEmpty(socket, rows));
    }

    private boolean isEmpty(ListenSockets.Descriptor socket, List<ListenRow> rows) {
        for (ListenRow row : rows) {
            if (row.inode() == socket.inode()) {
                return row.isEmpty();
            }
        }
        // Not shown: closed, or skipped because the table changed between two pages of it.
        return !this.gate.proc().isOpen(socket);
    }

    boolean isAcceptorWaiting() {
        try {
            return this.listener.isAcceptorWaiting();
        } catch (RuntimeException ex) {
            note("its acceptor cannot be looked at: " + ex);
            return false;
        }
    }

    private long readAccepted() {
        try {
            return this.listener.accepted();
        } catch (RuntimeException ex) {
            note("its connections cannot be counted: " + ex);
            return this.accepted;
        }
    }

    private void note(String text) {
        this.notes.accept(name() + ": " + text);
    }

    private String name() {
        try {
            InetSocketAddress address = this.listener.address();
            return "Port " + address.getPort();
        } catch (RuntimeException ex) {
            return "Unknown port";
        }
    }
}

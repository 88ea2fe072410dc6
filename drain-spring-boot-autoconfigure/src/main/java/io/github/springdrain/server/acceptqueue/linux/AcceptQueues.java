// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.server.DrainClock;
import io.github.springdrain.server.GateLevel;
import io.github.springdrain.server.GatedListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The accept queues of a server's listeners, from the moment a drain begins until the listeners are closed. Not
 * thread-safe: the drain's own thread uses it. No method throws; what fails is named in {@link AcceptQueueOutcome#note()}.
 *
 * <p>It does not close the listeners: the server does, in its own way, between {@link #empty} and {@link #awaitClosed}.
 */
public final class AcceptQueues {

    /** What an acceptor may have in its hand is on its way to a worker within microseconds of CPU time. */
    private static final long ACCEPTOR_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** A SYN whose listener was chosen before it was steered elsewhere must be in the table before the gate is set. */
    private static final long STEERED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ListenerGate gate;

    private final DrainClock clock;

    private final SynCookies cookies;

    private final long watchedSince;

    private final Set<String> notes = new LinkedHashSet<>();

    private final List<AcceptQueue> queues = new ArrayList<>();

    private @Nullable List<ListenRow> rows;

    AcceptQueues(ListenerGate gate, List<? extends GatedListener> listeners, DrainClock clock) {
        this.gate = gate;
        this.clock = clock;
        this.cookies = new SynCookies(gate.proc());
        this.watchedSince = clock.nanoTime();
        for (GatedListener listener : listeners) {
            AcceptQueue queue = new AcceptQueue(listener, gate, this.notes::add);
            queue.handOver();
            this.queues.add(queue);
        }
    }

    /**
     * Sets the gate on all listeners, of which those that are not alone on their address first have new handshakes go to
     * another one; then waits until the kernel holds nothing for any of them and every acceptor has
     * handed on what it took. There is no way back: from here on the listeners can only be closed. An interrupt ends the
     * wait and stays set.
     *
     * @param timeout the limit; it takes at most 200 ms more to wait for acceptors
     * @param quietPeriod at the levels without a gate, how long no connection may have come
     * @param longest the limit behind a gate while something is accepted again and again: such a queue comes to an end
     */
    public AcceptQueueOutcome empty(Duration timeout, Duration quietPeriod, Duration longest) {
        long limit = nanos(timeout);
        long quiet = Math.min(nanos(quietPeriod), limit);
        long start = this.clock.nanoTime();
        this.queues.forEach(AcceptQueue::handOver);
        if (this.queues.stream().anyMatch(AcceptQueue::isSteered)) {
            this.clock.await(() -> false, Math.min(STEERED_NANOS, limit));
        }
        boolean steered = this.queues.stream().allMatch(AcceptQueue::isSteered);
        Optional<String> cookiesInUse = steered ? Optional.empty() : recentCookies(limit);
        long shutAt = this.clock.nanoTime();
        this.queues.forEach((queue) -> queue.shut(cookiesInUse, shutAt));
        boolean complete = awaitEmpty(quiet, start, limit);
        if (!complete && isGettingOn(limit)) {
            this.clock.await(() -> isEmpty(quiet) || !isGettingOn(limit), nanos(longest) - elapsed(start));
            complete = awaitEmpty(quiet, start, 0);
        }
        return outcome(complete);
    }

    /** Waits until nothing waits and no acceptor has anything in its hand; looks once where the limit is over. */
    private boolean awaitEmpty(long quiet, long start, long limit) {
        boolean settled;
        boolean empty;
        do {
            boolean emptied = this.clock.await(() -> isEmpty(quiet), Math.max(0, limit - elapsed(start)));
            boolean waiting = this.clock.await(this::areAcceptorsWaiting, ACCEPTOR_NANOS);
            settled = emptied && waiting;
            empty = isEmpty(quiet);
        } while (settled && !empty && elapsed(start) < limit);
        return settled && empty;
    }

    /** Whether a gate holds connections back that are being accepted, slowly: as on a busy machine. */
    private boolean isGettingOn(long patienceNanos) {
        long now = this.clock.nanoTime();
        return sum(ListenRow::queued) > 0
                && this.queues.stream().anyMatch((queue) -> queue.isGettingOn(now, patienceNanos));
    }

    /** Does the same with no more time behind a gate than at other levels. */
    AcceptQueueOutcome empty(Duration timeout, Duration quietPeriod) {
        return empty(timeout, quietPeriod, timeout);
    }

    /**
     * Why handshakes by cookie may be under way. Cookies show only as a difference: where some were sent before the
     * watch began, none must have been sent for as long as a handshake may take before they can be ruled out.
     */
    private Optional<String> recentCookies(long limitNanos) {
        if (this.gate.hasSeenCookies()) {
            long left = AcceptQueue.COOKIE_NANOS - elapsed(this.watchedSince);
            this.clock.await(() -> this.cookies.inUse().isPresent(), Math.min(left, limitNanos));
        }
        return this.cookies.inUse();
    }

    /** Has new handshakes go to the listeners again: the drain that has begun is given up before {@link #empty}. */
    public void takeBack() {
        this.queues.forEach(AcceptQueue::takeBack);
    }

    /** Whether every listener is one of several on its address, so that another takes what comes. */
    public boolean isHandedOver() {
        return !this.queues.isEmpty() && this.queues.stream().allMatch(AcceptQueue::isShared);
    }

    /**
     * Waits until the kernel has none of the listeners' sockets any more. A listener that a selector watches lives on
     * until that selector runs again, although its channel is closed.
     *
     * @param bound the limit
     * @return whether they are gone, as far as the kernel shows them
     */
    public boolean awaitClosed(Duration bound) {
        Set<Long> inodes = inodes();
        return inodes.isEmpty() || this.clock.await(() -> isClosed(inodes), nanos(bound));
    }

    private boolean isClosed(Set<Long> inodes) {
        try {
            return this.gate.proc().listenRows().stream().noneMatch((row) -> inodes.contains(row.inode()));
        } catch (IOException ex) {
            return true;
        }
    }

    /** Looks at every queue, as each look also counts what was accepted. */
    private boolean isEmpty(long quietNanos) {
        this.rows = readRows();
        long now = this.clock.nanoTime();
        boolean empty = true;
        for (AcceptQueue queue : this.queues) {
            empty &= queue.isEmpty(this.rows, now, quietNanos);
        }
        return empty;
    }

    private @Nullable List<ListenRow> readRows() {
        if (this.gate.level() == GateLevel.QUIET_PERIOD) {
            return null;
        }
        try {
            return this.gate.proc().listenRows();
        } catch (IOException ex) {
            this.notes.add("The kernel's tables cannot be read any more: " + ex);
            return null;
        }
    }

    private boolean areAcceptorsWaiting() {
        return this.queues.stream().allMatch(AcceptQueue::isAcceptorWaiting);
    }

    private AcceptQueueOutcome outcome(boolean complete) {
        GateLevel weakest = this.queues.stream()
                .map(AcceptQueue::level)
                .reduce(GateLevel::orWeaker)
                .orElse(this.gate.level());
        return new AcceptQueueOutcome(
                isUnseen() ? AcceptQueueOutcome.UNKNOWN.level() : weakest.name(),
                String.join("; ", this.notes),
                this.queues.stream().mapToLong(AcceptQueue::accepted).sum(),
                sum(ListenRow::handshakes),
                sum(ListenRow::queued),
                complete,
                isHandedOver());
    }

    /**
     * Whether the kernel's tables could be read before and cannot be read now, as without a file descriptor, for want of
     * which the acceptor takes nothing either: that nothing comes any more says nothing then.
     */
    private boolean isUnseen() {
        boolean visible = this.gate.level() != GateLevel.QUIET_PERIOD;
        return visible && (this.rows == null || this.queues.stream().anyMatch(AcceptQueue::isUnseen));
    }

    private int sum(ToIntFunction<ListenRow> count) {
        if (this.rows == null) {
            return 0;
        }
        Set<Long> inodes = inodes();
        return this.rows.stream()
                .filter((row) -> inodes.contains(row.inode()))
                .mapToInt(count)
                .sum();
    }

    private Set<Long> inodes() {
        return this.queues.stream().flatMap((queue) -> queue.inodes().stream()).collect(Collectors.toSet());
    }

    private long elapsed(long start) {
        return this.clock.nanoTime() - start;
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration.isNegative() ? Duration.ZERO : duration);
    }
}

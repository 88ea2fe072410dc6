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
            queue.resolve();
            this.queues.add(queue);
        }
    }

    /**
     * Sets the gate on all listeners, then waits until the kernel holds nothing for any of them and every acceptor has
     * handed on what it took. There is no way back: from here on the listeners can only be closed. An interrupt ends the
     * wait and stays set.
     *
     * @param timeout the limit; it takes at most 200 ms more to wait for acceptors
     * @param quietPeriod at the levels without a gate, how long no connection may have come
     */
    public AcceptQueueOutcome empty(Duration timeout, Duration quietPeriod) {
        long limit = nanos(timeout);
        long quiet = Math.min(nanos(quietPeriod), limit);
        long start = this.clock.nanoTime();
        Optional<String> cookiesInUse = recentCookies(limit);
        long shutAt = this.clock.nanoTime();
        this.queues.forEach((queue) -> queue.shut(cookiesInUse, shutAt));
        boolean settled;
        boolean empty;
        do {
            boolean emptied = this.clock.await(() -> isEmpty(quiet), limit - elapsed(start));
            boolean waiting = this.clock.await(this::areAcceptorsWaiting, ACCEPTOR_NANOS);
            settled = emptied && waiting;
            empty = isEmpty(quiet);
        } while (settled && !empty && elapsed(start) < limit);
        return outcome(settled && empty);
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
                weakest.name(),
                String.join("; ", this.notes),
                this.queues.stream().mapToLong(AcceptQueue::accepted).sum(),
                sum(ListenRow::handshakes),
                sum(ListenRow::queued),
                complete);
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

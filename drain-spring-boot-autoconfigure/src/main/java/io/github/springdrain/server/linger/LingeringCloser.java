// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import io.github.springdrain.server.FailureCollector;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose peers may still be sending. A socket that is closed while unread bytes are in its receive
 * buffer, or that receives bytes afterwards, sends RST (RFC 1122 section 4.2.2.13; Linux does both), and the peer
 * then may lose the part of the response that it has not read yet (RFC 9112 section 9.6). So FIN goes out first, what
 * still comes in is read and thrown away, and the socket is closed when the peer has closed its side or a limit is
 * reached.
 *
 * <p>Thread-safe, and no call but {@link #close()} waits for anything. All connections share one daemon thread named
 * {@code drain-linger}, which is started by the first one and ends by itself after about 10 s without any.
 *
 * <p>It does not wait for what was sent to be acknowledged: the kernel delivers that after {@code close} too, as long as
 * no RST gets in its way.
 */
public final class LingeringCloser implements AutoCloseable {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private static final Duration LONGEST_JOIN = Duration.ofSeconds(2);

    /** Lets nothing linger: connections are closed plainly, as their container closes them. */
    public static final LingeringCloser OFF =
            new LingeringCloser(LingerLimits.DEFAULTS, System::nanoTime, KEEP_ALIVE, false);

    private final LingerLimits limits;

    private final LongSupplier nanoTime;

    private final boolean enabled;

    private final LingerAccount.Tally tally = new LingerAccount.Tally();

    private final LingerThread thread;

    /** Those that their container reads to their end, each with what closes it. */
    private final Map<LingerAccount, Runnable> elsewhere = new ConcurrentHashMap<>();

    private volatile boolean aborted;

    /** Creates a closer that opens and starts nothing before it is needed. */
    public LingeringCloser(LingerLimits limits) {
        this(limits, System::nanoTime, KEEP_ALIVE);
    }

    LingeringCloser(LingerLimits limits, LongSupplier nanoTime, Duration keepAlive) {
        this(limits, nanoTime, keepAlive, true);
    }

    private LingeringCloser(LingerLimits limits, LongSupplier nanoTime, Duration keepAlive, boolean enabled) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.enabled = enabled;
        this.thread = new LingerThread(limits, nanoTime, keepAlive.toNanos());
    }

    /** Whether connections linger; where they do not, {@link #linger} and {@link #admit} have them closed plainly. */
    public boolean isEnabled() {
        return this.enabled;
    }

    /**
     * Takes ownership of the channel: half-closes it on the calling thread, reads and discards until the peer's FIN or
     * a limit, then closes. Never blocks and never throws; the channel is closed plainly where it cannot linger.
     *
     * <p>The channel may be registered with a selector of the caller's, whose key the caller has cancelled. As the JDK
     * releases the file descriptor of a closed channel only when no selector holds it any more, that selector has to
     * select once more, so wake it up after cancelling.
     *
     * @param channel a channel in non-blocking mode, with no read or write of the caller's under way
     * @param unsent bytes that have to go out before FIN, such as a TLS close_notify that did not fit into the socket's
     *     buffer; what cannot be written at once is copied
     * @param awaited whether {@link #awaited()} counts it: the peer was sending, so a reset would do harm. Others may be
     *     left to the exit of the process, which sends FIN and no RST where nothing is unread
     */
    public void linger(SocketChannel channel, @Nullable ByteBuffer unsent, boolean awaited) {
        if (!this.enabled) {
            LingeringConnection.close(channel);
            return;
        }
        long now = this.nanoTime.getAsLong();
        LingerAccount account = new LingerAccount(this.limits, this.tally, awaited, now);
        LingeringConnection connection = new LingeringConnection(channel, account);
        if (this.tally.begin(awaited) > this.limits.maxConnections()) {
            connection.end(LingerOutcome.OVER_CAPACITY);
            return;
        }
        LingerOutcome outcome = connection.halfClose(unsent, now);
        if (outcome == null) {
            outcome = this.thread.handOver(connection);
        }
        if (outcome != null) {
            connection.end(outcome);
        }
    }

    /**
     * Counts in a connection whose container does not let go of its channel: the caller sends FIN, reads and discards
     * within what the account allows, closes, and then calls {@link #release}.
     *
     * @param awaited as for {@link #linger}
     * @param close closes the connection; called once at most, by {@link #abort()}, and the connection is released then
     * @return the connection's account; {@code null} if it has to be closed plainly; if it has to be counted, it is
     */
    public @Nullable LingerAccount admit(boolean awaited, Runnable close) {
        if (!this.enabled) {
            return null;
        }
        LingerAccount account = new LingerAccount(this.limits, this.tally, awaited, this.nanoTime.getAsLong());
        if (this.tally.begin(awaited) > this.limits.maxConnections()) {
            release(account, LingerOutcome.OVER_CAPACITY);
            return null;
        }
        this.elsewhere.put(account, close);
        // In this order: an abort sees either the entry, or this sees the abort.
        if (this.aborted) {
            release(account, LingerOutcome.ABORTED);
            return null;
        }
        return account;
    }

    /** Counts a connection out that {@link #admit} has counted in; does nothing when called again. */
    public void release(LingerAccount account, LingerOutcome outcome) {
        this.elsewhere.remove(account);
        if (account.end()) {
            account.count(outcome);
        }
    }

    /** What a container may read of a body before it hands the connection over. */
    public LingerLimits.UnreadBody unreadBody() {
        return this.limits.unreadBody();
    }

    /** How many connections linger right now. */
    public int active() {
        return this.tally.active();
    }

    /** How many of those the drain waits for. */
    public int awaited() {
        return this.tally.awaited();
    }

    /** How the connections that linger no more have ended: totals since the closer was created, for every outcome. */
    public Map<LingerOutcome, Long> outcomes() {
        return this.tally.outcomes();
    }

    /** How many bytes were read and thrown away since the closer was created. */
    public long discardedBytes() {
        return this.tally.discardedBytes();
    }

    /** Takes connections again after an {@link #abort()}, for a server that has been started again. */
    public void renew() {
        this.aborted = false;
        this.thread.renew();
    }

    /**
     * Closes all that linger, at once; what is handed over from now on is closed plainly.
     *
     * @throws RuntimeException if a container throws from the closing of one, after all of them have been closed
     */
    public void abort() {
        this.aborted = true;
        FailureCollector failures = new FailureCollector();
        failures.run(this.thread::abort);
        this.elsewhere.forEach((account, close) -> {
            release(account, LingerOutcome.ABORTED);
            failures.run(close);
        });
        failures.throwFirst();
    }

    /** Does what {@link #abort()} does, and waits for the thread's end; at most 2 s. */
    @Override
    public void close() {
        try {
            abort();
        } finally {
            this.thread.join(LONGEST_JOIN.toNanos());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.server.linger.LingerAccount;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingerOutcome;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * Closes connections whose peers may still send, each on its own I/O thread: XNIO does not let go of a socket. Limits
 * and counts are those of the {@link LingeringCloser}. Thread-safe.
 */
final class Lingering {

    private static final Logger logger = LoggerFactory.getLogger(Lingering.class);

    private final LingerPolicy policy;

    private final Set<HttpServerConnection> connections = ConcurrentHashMap.newKeySet();

    Lingering(LingerPolicy policy) {
        this.policy = policy;
    }

    boolean isEnabled() {
        return this.policy.closer().isEnabled();
    }

    /** What may be read of a body before its connection is ended. */
    LingerLimits.UnreadBody unreadBody() {
        return this.policy.closer().unreadBody();
    }

    /** Whether the connection has been sent its end and is only read from any more. */
    boolean contains(HttpServerConnection connection) {
        return this.connections.contains(connection);
    }

    /** Ends the connection of a completed request, unless it is going to be used further; then goes on. */
    void end(HttpServerExchange exchange, boolean awaited, ExchangeCompletionListener.NextListener next) {
        boolean ends = !exchange.isPersistent() && !exchange.isUpgrade();
        if (ends && exchange.getConnection() instanceof HttpServerConnection connection && connection.isOpen()) {
            connection.clearChannel();
            end(connection, awaited || connection.getExtraBytes() != null, next::proceed);
        } else {
            next.proceed();
        }
    }

    /**
     * Sends the end and reads on until the peer's, or a limit.
     *
     * @param awaited the peer was sending, so the drain waits for its end
     * @param then is run once the connection is closed
     */
    void end(HttpServerConnection connection, boolean awaited, Runnable then) {
        if (!IoThreads.execute(connection.getIoThread(), () -> begin(connection, awaited, then))) {
            IoUtils.safeClose(connection.getChannel());
            then.run();
        }
    }

    private void begin(HttpServerConnection connection, boolean awaited, Runnable then) {
        LingeringCloser closer = this.policy.closer();
        LingeringExchange lingering = new LingeringExchange(connection, () -> {
            this.connections.remove(connection);
            then.run();
        });
        LingerAccount account = connection.isOpen() ? closer.admit(awaited, lingering::abort) : null;
        if (account == null) {
            PipelinedRequests.send(connection, lingering::close, lingering::close);
            return;
        }
        this.connections.add(connection);
        lingering.start(account, closer);
    }

    /** One connection between the end of its last response and its own. Used by its I/O thread. */
    private static final class LingeringExchange implements ChannelListener<ConduitStreamSourceChannel> {

        /** So that a peer that sends faster than it is read from cannot keep the thread's other connections waiting. */
        private static final int READS_PER_TURN = 64;

        private final HttpServerConnection connection;

        private final Runnable then;

        private final AtomicBoolean closed = new AtomicBoolean();

        private LingerOutcome closedBy = LingerOutcome.ABORTED;

        private volatile XnioExecutor.@Nullable Key timer;

        private @Nullable LingerAccount account;

        private @Nullable LingeringCloser closer;

        LingeringExchange(HttpServerConnection connection, Runnable then) {
            this.connection = connection;
            this.then = then;
        }

        void start(LingerAccount fresh, LingeringCloser owner) {
            this.account = fresh;
            this.closer = owner;
            this.connection.addCloseListener((gone) -> end(this.closedBy));
            PipelinedRequests.send(this.connection, this::shutdownWrites, () -> end(LingerOutcome.PEER_RESET));
            if (this.closed.get()) {
                return;
            }
            ConduitStreamSourceChannel source = this.connection.getChannel().getSourceChannel();
            source.setReadListener(this);
            source.resumeReads();
            handleEvent(source);
            awaitLimit(fresh);
        }

        /** FIN; with TLS its close_notify first. */
        private void shutdownWrites() {
            ConduitStreamSinkChannel sink = this.connection.getChannel().getSinkChannel();
            try {
                sink.shutdownWrites();
                if (!sink.flush()) {
                    sink.setWriteListener(ChannelListeners.flushingChannelListener(
                            null, (channel, failure) -> end(LingerOutcome.PEER_RESET)));
                    sink.resumeWrites();
                }
            } catch (IOException ex) {
                end(LingerOutcome.PEER_RESET);
            }
        }

        @Override
        public void handleEvent(ConduitStreamSourceChannel source) {
            LingerAccount used = this.account;
            if (used == null || this.closed.get()) {
                return;
            }
            try (PooledByteBuffer pooled = this.connection.getByteBufferPool().allocate()) {
                LingerOutcome outcome = discard(source, pooled.getBuffer(), used);
                if (outcome != null) {
                    end(outcome);
                }
            } catch (IOException ex) {
                end(LingerOutcome.PEER_RESET);
            }
        }

        private @Nullable LingerOutcome discard(
                ConduitStreamSourceChannel source, ByteBuffer buffer, LingerAccount used) throws IOException {
            for (int i = 0; i < READS_PER_TURN; i++) {
                // XNIO closes the connection within the read that meets the peer's end.
                this.closedBy = LingerOutcome.PEER_CLOSED;
                int count = source.read(buffer.clear().limit(used.readable(buffer.capacity())));
                this.closedBy = LingerOutcome.ABORTED;
                if (count == 0) {
                    return null;
                }
                if (count < 0) {
                    return LingerOutcome.PEER_CLOSED;
                }
                LingerOutcome outcome = used.discarded(count, System.nanoTime());
                if (outcome != null) {
                    return outcome;
                }
            }
            // With TLS, bytes may have been decrypted already that no readiness of the socket shows.
            source.wakeupReads();
            return null;
        }

        private void awaitLimit(LingerAccount used) {
            if (this.closed.get()) {
                return;
            }
            long now = System.nanoTime();
            LingerOutcome outcome = used.expired(now);
            if (outcome != null) {
                end(outcome);
                return;
            }
            try {
                long millis = TimeUnit.NANOSECONDS.toMillis(used.nanosLeft(now)) + 1;
                this.timer = this.connection
                        .getIoThread()
                        .executeAfter(() -> awaitLimit(used), millis, TimeUnit.MILLISECONDS);
                if (this.closed.get()) {
                    forgetTimer();
                }
            } catch (RejectedExecutionException ex) {
                end(LingerOutcome.ABORTED);
            }
        }

        /** A timer of XNIO's keeps what it would run, the whole request that is, until its time has come. */
        private void forgetTimer() {
            XnioExecutor.Key set = this.timer;
            if (set != null) {
                this.timer = null;
                set.remove();
            }
        }

        /** From any thread. */
        void abort() {
            if (!IoThreads.execute(this.connection.getIoThread(), this::close)) {
                closeBehindItsThread();
            }
        }

        /** A thread that takes nothing more may be freeing the buffers of the exchange, which Undertow looks at to go on. */
        private void closeBehindItsThread() {
            try {
                close();
            } catch (IllegalStateException ex) {
                logger.debug("The worker of a lingering connection has freed its buffers already", ex);
            }
        }

        private void end(LingerOutcome outcome) {
            LingerAccount used = this.account;
            LingeringCloser owner = this.closer;
            if (used != null && owner != null) {
                owner.release(used, outcome);
            }
            close();
        }

        /** Closes the connection and lets whoever waited for that go on; does nothing when called again. */
        void close() {
            if (this.closed.compareAndSet(false, true)) {
                forgetTimer();
                IoUtils.safeClose(this.connection.getChannel());
                this.then.run();
            }
        }
    }
}

package io.github.springdrain.server.undertow;

import io.github.springdrain.server.linger.LingerAccount;
import io.github.springdrain.server.linger.LingerOutcome;
import io.github.springdrain.server.linger.LingeringCloser;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/** One connection between the end of its last response and its own. Used by its I/O thread. */
final class LingeringExchange implements ChannelListener<ConduitStreamSourceChannel> {

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

    private @Nullable LingerOutcome discard(ConduitStreamSourceChannel source, ByteBuffer buffer, LingerAccount used)
            throws IOException {
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
        // With TLS, bytes may have been decrypted already that no readiness of the socket tells of.
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
            this.timer =
                    this.connection.getIoThread().executeAfter(() -> awaitLimit(used), millis, TimeUnit.MILLISECONDS);
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
            close();
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

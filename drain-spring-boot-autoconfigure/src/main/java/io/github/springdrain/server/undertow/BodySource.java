// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.server.linger.LingerLimits;
import io.undertow.server.Connectors;
import io.undertow.server.DefaultResponseListener;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.AttachmentKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The body of one request, on top of its transfer coding. Once the application has finished, Undertow reads what is left
 * of the body without any limit, on a worker, or shuts the socket's reading side down, after which Linux sends RST in response to
 * what follows. Here the rest is read for a moment where that saves the connection, and then left: the request counts
 * as complete, and what still comes is left to {@link Lingering}.
 */
final class BodySource extends AbstractStreamSourceConduit<StreamSourceConduit>
        implements DefaultResponseListener, ExchangeCompletionListener {

    private static final AttachmentKey<BodySource> KEY = AttachmentKey.create(BodySource.class);

    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final HttpServerExchange exchange;

    private final HttpServerConnection connection;

    private final Lingering lingering;

    private final LingerLimits.UnreadBody limits;

    private boolean finishing;

    private long finishingSince;

    private long swallowed;

    private long waitingSince;

    private volatile boolean ended;

    private volatile XnioExecutor.@Nullable Key timer;

    private BodySource(
            StreamSourceConduit next,
            HttpServerExchange exchange,
            HttpServerConnection connection,
            Lingering lingering) {
        super(next);
        this.exchange = exchange;
        this.connection = connection;
        this.lingering = lingering;
        this.limits = lingering.unreadBody();
    }

    static void watch(HttpServerExchange exchange, HttpServerConnection connection, Lingering lingering) {
        ConduitStreamSourceChannel source = connection.getChannel().getSourceChannel();
        BodySource body = new BodySource(source.getConduit(), exchange, connection, lingering);
        source.setConduit(body);
        exchange.putAttachment(KEY, body);
        exchange.addDefaultResponseListener(body);
        exchange.addExchangeCompleteListener(body);
    }

    static boolean isWatching(HttpServerExchange exchange) {
        return exchange.getAttachment(KEY) != null;
    }

    /** The transfer coding of a body that is watched. */
    static @Nullable StreamSourceConduit below(HttpServerExchange exchange) {
        BodySource body = exchange.getAttachment(KEY);
        return (body != null) ? body.next : null;
    }

    /** Called when the application has finished, and before Undertow reads on. */
    @Override
    public boolean handleDefaultResponse(HttpServerExchange finished) {
        finish();
        return false;
    }

    private void finish() {
        if (!this.finishing) {
            this.finishing = true;
            this.finishingSince = System.nanoTime();
        }
    }

    @Override
    public void exchangeEvent(HttpServerExchange completed, NextListener next) {
        forgetTimer();
        this.lingering.end(completed, this.ended, next);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return (int) read(() -> super.read(target));
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return read(() -> super.read(targets, offset, length));
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
        return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
    }

    @Override
    public long transferTo(long count, ByteBuffer throughBuffer, StreamSinkChannel target) throws IOException {
        return IoUtils.transfer(new ConduitReadableByteChannel(this), count, throughBuffer, target);
    }

    private long read(Read delegate) throws IOException {
        if (this.ended) {
            return -1;
        }
        if (!this.finishing && this.exchange.isResponseComplete() && ServletRequests.isAsyncOver(this.exchange)) {
            finish();
        }
        if (!this.finishing) {
            return stillWanted(delegate.read());
        }
        if (!isWorthReading()) {
            end();
            return -1;
        }
        // Before the clock is looked at: what has arrived by now has arrived in time, however late this is.
        long count = delegate.read();
        this.swallowed += Math.max(0, count);
        if (count == 0 && nanosLeft() <= 0) {
            end();
            return -1;
        }
        if (count == 0 && this.exchange.isInIoThread()) {
            resumeLater();
        }
        return count;
    }

    /**
     * A handler may send the whole response and read on. It has more time than the server for that, and learns that
     * this is not the body's end.
     */
    private long stillWanted(long count) throws IOException {
        if (count != 0) {
            this.waitingSince = 0;
            return count;
        }
        long now = System.nanoTime();
        if (this.waitingSince == 0) {
            this.waitingSince = now;
        } else if (now - this.waitingSince >= STALL_NANOS && this.exchange.isResponseComplete()) {
            end();
            throw new IOException("The response is complete, and nothing of the request body came for 5 s");
        }
        return 0;
    }

    /** Whether a moment of reading may bring the body's end, so that the next request may follow on the connection. */
    private boolean isWorthReading() {
        return this.exchange.isPersistent()
                && this.swallowed < this.limits.maxBytes()
                && !this.limits.timeout().isZero();
    }

    private long nanosLeft() {
        return this.limits.timeout().toNanos() - (System.nanoTime() - this.finishingSince);
    }

    /** Whoever waits for the socket, on whatever thread, waits for the end of the moment too. */
    @Override
    public void resumeReads() {
        super.resumeReads();
        if (this.finishing && !this.ended) {
            resumeLater();
        }
    }

    /** Has Undertow, which waits for the socket now, read again when the moment is over. */
    private void resumeLater() {
        forgetTimer();
        try {
            long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanosLeft())) + 1;
            this.timer = this.connection.getIoThread().executeAfter(this::resume, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ex) {
            // The server is being stopped, and closes the connection.
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

    private void resume() {
        this.timer = null;
        if (!this.ended && !this.exchange.isRequestComplete() && this.connection.isOpen()) {
            this.connection.getChannel().getSourceChannel().wakeupReads();
        }
    }

    /** Ends the request without its body; the peer learns by the end of the connection that the rest is not read. */
    private void end() {
        if (this.ended || this.exchange.isRequestComplete()) {
            return;
        }
        this.ended = true;
        this.exchange.setPersistent(false);
        Connectors.terminateRequest(this.exchange);
    }

    /** Never reaches the socket before the body's end, as its reading side must stay open. */
    @Override
    public void terminateReads() throws IOException {
        if (this.exchange.isRequestComplete() && !this.ended) {
            super.terminateReads();
        } else {
            end();
        }
    }

    @Override
    public void awaitReadable() throws IOException {
        awaitReadable(STALL_NANOS, TimeUnit.NANOSECONDS);
    }

    @Override
    public void awaitReadable(long time, TimeUnit unit) throws IOException {
        if (this.ended) {
            return;
        }
        if (this.finishing) {
            super.awaitReadable(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft())), TimeUnit.MILLISECONDS);
            return;
        }
        super.awaitReadable(time, unit);
    }

    /** One read of the body below. */
    private interface Read {

        long read() throws IOException;
    }
}

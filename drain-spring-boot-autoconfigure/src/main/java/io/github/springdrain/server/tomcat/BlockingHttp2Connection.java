// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.GoAwaySequence;
import io.github.springdrain.server.IdleLimits;
import jakarta.servlet.http.WebConnection;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * One HTTP/2 connection where the application has set {@code useAsyncIO} to {@code false}. Tomcat has no way to write to
 * it without waiting for the peer, and none to extend what serves it, so its own GOAWAY sequence is used: streams that
 * cross the first GOAWAY are served for Tomcat's drain timeout.
 */
final class BlockingHttp2Connection implements InternalHttpUpgradeHandler, Http2GracefulClose {

    /** Tomcat does nothing before the preface has come, and nothing the second time. */
    private static final long PAUSE_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final InternalHttpUpgradeHandler delegate;

    private final DrainNioEndpoint endpoint;

    private final SocketWrapperBase<?> wrapper;

    private final GoAwaySequence goAway = new GoAwaySequence(System.nanoTime());

    private boolean seenActive;

    private long pausedNanos = System.nanoTime() - PAUSE_INTERVAL_NANOS;

    BlockingHttp2Connection(
            InternalHttpUpgradeHandler delegate, DrainNioEndpoint endpoint, SocketWrapperBase<?> wrapper) {
        this.delegate = delegate;
        this.endpoint = endpoint;
        this.wrapper = wrapper;
    }

    @Override
    public SocketWrapperBase<?> socketWrapper() {
        return this.wrapper;
    }

    @Override
    public Object handler() {
        return this.delegate;
    }

    @Override
    public int activeStreams() {
        List<Internals.Exchange> exchanges = Internals.http2Exchanges(this.delegate);
        // What cannot be counted is taken to be there; Tomcat itself closes only what has none.
        return (exchanges != null) ? exchanges.size() : 1;
    }

    @Override
    public void announce() {
        long now = System.nanoTime();
        this.seenActive |= activeStreams() > 0;
        if (this.goAway.isFirstGoAwayAllowed(this.seenActive, now) && now - this.pausedNanos >= PAUSE_INTERVAL_NANOS) {
            try {
                // The write may wait for the peer.
                this.wrapper.execute(this.delegate::pause);
                this.pausedNanos = now;
            } catch (RejectedExecutionException ex) {
                // Every worker is busy, or the endpoint has stopped: the next call tries again.
            }
        }
    }

    @Override
    public void proceed(IdleLimits limits, long nowNanos) {
        announce();
        List<Internals.Exchange> exchanges = Internals.http2Exchanges(this.delegate);
        int streams = (exchanges != null) ? exchanges.size() : 0;
        if (this.goAway.next(this.seenActive, streams, false, limits, nowNanos) == GoAwaySequence.Step.CLOSE) {
            // A worker sends the last GOAWAY and closes; with the greatest time, only where no stream is active.
            timeoutAsync((exchanges != null) ? -1 : Long.MAX_VALUE);
        }
    }

    @Override
    public SocketState upgradeDispatch(SocketEvent status) {
        return this.delegate.upgradeDispatch(status);
    }

    @Override
    public void timeoutAsync(long now) {
        this.delegate.timeoutAsync(now);
    }

    @Override
    public void setSocketWrapper(SocketWrapperBase<?> socketWrapper) {
        this.delegate.setSocketWrapper(socketWrapper);
    }

    @Override
    public void setSslSupport(SSLSupport sslSupport) {
        this.delegate.setSslSupport(sslSupport);
    }

    /** Also called as listeners close; in a drain each connection is notified in its own time. */
    @Override
    public void pause() {
        if (!this.endpoint.isListenerClosed()) {
            this.delegate.pause();
        }
    }

    @Override
    public boolean hasAsyncIO() {
        return this.delegate.hasAsyncIO();
    }

    @Override
    public void init(WebConnection connection) {
        this.delegate.init(connection);
    }

    @Override
    public void destroy() {
        this.delegate.destroy();
    }
}

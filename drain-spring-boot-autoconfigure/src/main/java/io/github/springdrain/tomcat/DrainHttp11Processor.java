package io.github.springdrain.tomcat;

import io.github.springdrain.linger.LingeringCloser;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.coyote.Adapter;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1 processor, which does not let a request body that nobody reads hold a worker: once the response is
 * on its way, the rest of the body is read for a moment where that saves the connection, and left to the lingering
 * closer otherwise.
 */
final class DrainHttp11Processor extends Http11Processor {

    private final DrainHttp11NioProtocol protocol;

    private final @Nullable Adapter guard;

    private final AtomicReference<@Nullable Thread> worker = new AtomicReference<>();

    DrainHttp11Processor(DrainHttp11NioProtocol protocol, Adapter adapter) {
        super(protocol, adapter);
        this.protocol = protocol;
        this.guard = new UnreadBodyAdapter(adapter, this);
    }

    @Override
    public Adapter getAdapter() {
        Adapter own = this.guard;
        // The superclass asks while it is being constructed.
        return (own != null) ? own : super.getAdapter();
    }

    @Override
    public SocketState process(SocketWrapperBase<?> wrapper, SocketEvent event) throws IOException {
        this.worker.lazySet(Thread.currentThread());
        try {
            return super.process(wrapper, event);
        } finally {
            this.worker.lazySet(null);
        }
    }

    /** The thread that works on this processor's connection right now; {@code null} while none does. */
    @Nullable Thread worker() {
        return this.worker.get();
    }

    /** The connection this processor is bound to; {@code null} while it is pooled. */
    @Nullable SocketWrapperBase<?> connection() {
        return this.socketWrapper;
    }

    Request request() {
        return this.request;
    }

    Response response() {
        return this.response;
    }

    /** Called by the worker once the application has answered, and before Tomcat reads what is left of the body. */
    void answered() {
        if (isAsync() || isUpgrade() || getErrorState().isError() || isRequestBodyFullyRead()) {
            return;
        }
        LingeringCloser closer = this.protocol.closer();
        if (closer == null || !this.response.isCommitted()) {
            return;
        }
        if (!isCloseAnnounced() && unreadBody(closer.unreadBody().timeout()).readBriefly()) {
            return;
        }
        // Makes Tomcat close the connection without reading on; the response has been written in full by now.
        setErrorState(ErrorState.CLOSE_CLEAN, null);
    }

    private UnreadBody unreadBody(Duration timeout) {
        return new UnreadBody(this.request, this.socketWrapper, timeout, this.protocol.getMaxSwallowSize());
    }

    boolean isBodyRead() {
        return isRequestBodyFullyRead();
    }

    private boolean isCloseAnnounced() {
        MessageBytes connection = this.response.getMimeHeaders().getValue("Connection");
        return connection != null && connection.equalsIgnoreCase("close");
    }

    /** Every way to give up on a request passes here, whether or not a byte of its body has arrived yet. */
    @Override
    protected void setErrorState(ErrorState state, @Nullable Throwable cause) {
        super.setErrorState(state, cause);
        SocketWrapperBase<?> wrapper = this.socketWrapper;
        if (wrapper != null && wrapper.getSocket() instanceof LingerChannel channel && !isRequestBodyFullyRead()) {
            channel.end().expectInput();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.CloseAdvertisement;
import io.github.springdrain.server.linger.LingeringCloser;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.coyote.Adapter;
import org.apache.coyote.Constants;
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

    /** Stands for a worker that is being interrupted. */
    private static final Thread INTERRUPTING = new Thread("interrupting");

    /** Tomcat's own default, and Spring Boot's. */
    private static final int DEFAULT_MAX_SWALLOW_BYTES = 2 * 1024 * 1024;

    private static final String CONNECTION = "Connection";

    private static final String CLOSE = "close";

    private final DrainHttp11NioProtocol protocol;

    private final @Nullable Adapter guard;

    private final AtomicReference<@Nullable Thread> worker = new AtomicReference<>();

    private boolean leavingBody;

    private int requestsInTurn;

    DrainHttp11Processor(DrainHttp11NioProtocol protocol, Adapter adapter) {
        super(protocol.configuration(), adapter);
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
        this.leavingBody = false;
        this.requestsInTurn = 0;
        try {
            return super.process(wrapper, event);
        } finally {
            leave();
        }
    }

    /** Waits for an interrupt that is being sent, so that it hits nothing else that this thread will do. */
    private void leave() {
        Thread current = Thread.currentThread();
        if (this.worker.compareAndSet(current, null)) {
            return;
        }
        while (!this.worker.compareAndSet(current, null)) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
    }

    /**
     * Interrupts the thread that works on a connection, if this processor is still bound to that one. The worker cannot
     * leave meanwhile, and virtual threads are not interrupted by the shutdown of their executor.
     */
    void interruptWorkerOn(SocketWrapperBase<?> connection) {
        Thread current = this.worker.get();
        if (current == null || current == INTERRUPTING || !this.worker.compareAndSet(current, INTERRUPTING)) {
            return;
        }
        try {
            if (this.socketWrapper == connection) {
                current.interrupt();
            }
        } finally {
            this.worker.set(current);
        }
    }

    /** The thread that works on this processor's connection right now; {@code null} while none does. */
    @Nullable Thread worker() {
        Thread current = this.worker.get();
        return (current != INTERRUPTING) ? current : null;
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

    /** Called by the worker before the application serves the request. */
    void beforeService() {
        if (!this.protocol.advertisesCloseToAll() || isUpgradeRequested()) {
            return;
        }
        if (++this.requestsInTurn > CloseAdvertisement.LONGEST_PIPELINE) {
            this.request.setAttribute(DrainHttp11NioProtocol.END_OF_PIPELINE, true);
        }
        if (this.protocol.isLast(this.request)) {
            this.response.setHeader(CONNECTION, CLOSE);
            if (!isRequestBodyFullyRead()) {
                this.request.setAttribute(DrainHttp11NioProtocol.ADVERTISED_BEFORE_BODY, true);
            }
        }
    }

    /** A client refuses the switch to another protocol where the same response closes the connection. */
    private boolean isUpgradeRequested() {
        return this.request.getHeader("Upgrade") != null;
    }

    /** Called by the worker once the application has responded, and before Tomcat reads what is left of the body. */
    void afterService() {
        if (isAsync() || isUpgrade() || getErrorState().isError() || isRequestBodyFullyRead()) {
            return;
        }
        LingeringCloser closer = this.protocol.closer();
        if (!closer.isEnabled() || !this.response.isCommitted() || isLeftToTomcat()) {
            return;
        }
        boolean file = this.request.getAttribute(Constants.SENDFILE_FILENAME_ATTR) != null;
        if (isCloseAdvertised()) {
            leaveBody(file);
        } else if (!file && !unreadBody(closer.unreadBody().timeout()).readBriefly()) {
            // Tomcat sends a file behind the body, which it reads itself: a kept connection has to be in step.
            leaveBody(false);
        }
    }

    /**
     * Where the application has raised the limit, Tomcat reads the rest of each body by itself, however long that takes;
     * not during a drain, since the worker is needed then.
     */
    private boolean isLeftToTomcat() {
        int limit = this.protocol.configuration().getMaxSwallowSize();
        return (limit < 0 || limit > DEFAULT_MAX_SWALLOW_BYTES) && !this.protocol.advertisesCloseToAll();
    }

    /** Has Tomcat close the connection without reading on, once the response has gone out. */
    private void leaveBody(boolean file) {
        disableSwallowRequest();
        expectInput();
        // A file is sent only where there is no error, and behind it the connection is closed by what the head says.
        this.leavingBody = !file;
    }

    /** An error from the moment on at which the request has been counted: it was none, but nothing may follow. */
    @Override
    protected ErrorState getErrorState() {
        ErrorState state = super.getErrorState();
        if (!this.leavingBody || state.isError()) {
            return state;
        }
        int stage = this.request.getRequestProcessor().getStage();
        boolean counted = stage == Constants.STAGE_KEEPALIVE || stage == Constants.STAGE_ENDED;
        return counted ? ErrorState.CLOSE_CLEAN : state;
    }

    private UnreadBody unreadBody(Duration timeout) {
        return new UnreadBody(
                this.request,
                this.socketWrapper,
                timeout,
                this.protocol.configuration().getMaxSwallowSize(),
                () -> available(true) > 0);
    }

    private boolean isCloseAdvertised() {
        MessageBytes connection = this.response.getMimeHeaders().getValue(CONNECTION);
        return connection != null && connection.equalsIgnoreCase(CLOSE);
    }

    /** Every way to give up on a request passes here, whether or not a byte of its body has arrived yet. */
    @Override
    protected void setErrorState(ErrorState state, @Nullable Throwable cause) {
        super.setErrorState(state, cause);
        if (!isRequestBodyFullyRead()) {
            expectInput();
        }
    }

    private void expectInput() {
        SocketWrapperBase<?> wrapper = this.socketWrapper;
        if (wrapper != null && wrapper.getSocket() instanceof LingerChannel channel) {
            channel.state().end().expectInput();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.server.FailureCollector;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.function.BiConsumer;
import org.apache.catalina.Context;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.Request;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every open connection of one protocol handler once. Nothing is counted along the way of a request, so
 * nothing can drift. What is seen of a connection that a worker is busy with may be a moment old; one that no worker
 * holds is looked at under its lock, and stays as seen for as long as the visitor runs.
 */
final class ConnectionScan {

    private final DrainHttp11NioProtocol protocol;

    private final Map<SocketWrapperBase<?>, DrainHttp11Processor> processors = new HashMap<>();

    private final Map<SocketWrapperBase<?>, Http2GracefulClose> http2 = new HashMap<>();

    ConnectionScan(DrainHttp11NioProtocol protocol) {
        this.protocol = protocol;
        for (DrainHttp11Processor processor : protocol.processors()) {
            SocketWrapperBase<?> connection = processor.connection();
            if (connection != null) {
                this.processors.put(connection, processor);
            }
        }
        for (Http2GracefulClose connection : protocol.http2Connections()) {
            this.http2.put(connection.socketWrapper(), connection);
        }
    }

    /** The HTTP/2 session of a connection; {@code null} where it speaks another protocol. */
    @Nullable Http2GracefulClose http2(NioSocketWrapper wrapper) {
        return this.http2.get(wrapper);
    }

    List<ConnectionSnapshot> snapshots() {
        List<ConnectionSnapshot> snapshots = new ArrayList<>();
        forEach((wrapper, state) -> snapshots.add(snapshot(wrapper, state)));
        return snapshots;
    }

    /** Visits each open connection with its state, and throws what the first one throws when all have been visited. */
    void forEach(BiConsumer<NioSocketWrapper, ConnectionState> visitor) {
        FailureCollector failures = new FailureCollector();
        Lock scanning = this.protocol.scanning();
        scanning.lock();
        try {
            for (SocketWrapperBase<NioChannel> candidate :
                    this.protocol.endpoint().openConnections()) {
                if (candidate instanceof NioSocketWrapper wrapper && !wrapper.isClosed()) {
                    failures.run(() -> visit(wrapper, visitor));
                }
            }
        } finally {
            scanning.unlock();
        }
        failures.throwFirst();
    }

    private void visit(NioSocketWrapper wrapper, BiConsumer<NioSocketWrapper, ConnectionState> visitor) {
        Lock lock = Internals.lockOf(wrapper);
        if (lock == null || !lock.tryLock()) {
            visitor.accept(wrapper, stateAtWork(wrapper));
            return;
        }
        try {
            if (!wrapper.isClosed()) {
                visitor.accept(wrapper, stateAtRest(wrapper));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A worker is on it, which keeps the processor to itself for that time. */
    private ConnectionState stateAtWork(NioSocketWrapper wrapper) {
        Http2GracefulClose session = this.http2.get(wrapper);
        if (session != null) {
            return ConnectionState.IN_SERVICE;
        }
        if (!wrapper.getSocket().isHandshakeComplete()) {
            return ConnectionState.HANDSHAKE;
        }
        DrainHttp11Processor processor = this.processors.get(wrapper);
        if (processor == null) {
            return ConnectionState.IN_SERVICE;
        }
        return processor.isUpgrade() ? ConnectionState.UPGRADED : stateOfRequest(processor);
    }

    private ConnectionState stateAtRest(NioSocketWrapper wrapper) {
        Processor current = (Processor) wrapper.getCurrentProcessor();
        if (current == null) {
            return stateWithoutProcessor(wrapper);
        }
        if (Internals.upgradeHandlerOf(wrapper) instanceof Http2GracefulClose speaking) {
            // It may not have spoken HTTP/2 yet when this scan began.
            this.http2.put(wrapper, speaking);
        }
        Http2GracefulClose session = this.http2.get(wrapper);
        if (session != null) {
            return (session.activeStreams() > 0) ? ConnectionState.IN_SERVICE : ConnectionState.IDLE;
        }
        if (current.isUpgrade()) {
            return ConnectionState.UPGRADED;
        }
        if (wrapper.getSendfileData() != null) {
            return ConnectionState.RESPONDING;
        }
        DrainHttp11Processor processor = this.processors.get(wrapper);
        if (current.isAsync()) {
            return (processor != null) ? stateOfRequest(processor) : ConnectionState.IN_SERVICE;
        }
        return ConnectionState.READING_HEAD;
    }

    private static ConnectionState stateWithoutProcessor(NioSocketWrapper wrapper) {
        if (wrapper.getSendfileData() != null) {
            return ConnectionState.RESPONDING;
        }
        if (!wrapper.interestOpsHas(SelectionKey.OP_READ) && !wrapper.interestOpsHas(SelectionKey.OP_WRITE)) {
            // An event is queued for a worker that has not started yet.
            return ConnectionState.IN_SERVICE;
        }
        if (!(wrapper.getSocket() instanceof LingerChannel channel)) {
            return ConnectionState.IDLE;
        }
        if (channel.isHandshaking()) {
            return ConnectionState.HANDSHAKE;
        }
        return channel.state().end().isInputSeen() ? ConnectionState.IDLE : ConnectionState.NEW;
    }

    private static ConnectionState stateOfRequest(DrainHttp11Processor processor) {
        int stage = processor.request().getRequestProcessor().getStage();
        if (stage == org.apache.coyote.Constants.STAGE_PARSE) {
            return ConnectionState.READING_HEAD;
        }
        return processor.response().isCommitted() ? ConnectionState.RESPONDING : ConnectionState.IN_SERVICE;
    }

    ConnectionSnapshot snapshot(NioSocketWrapper wrapper, ConnectionState state) {
        return new ConnectionSnapshot(state, remote(wrapper), protocolOf(wrapper, state), requests(wrapper, state));
    }

    /** The application with an asynchronous request on this connection that no thread of Tomcat works on; if there is one. */
    @Nullable Context suspendedIn(NioSocketWrapper wrapper) {
        DrainHttp11Processor processor = this.processors.get(wrapper);
        if (processor == null || processor.worker() != null || !processor.isAsync()) {
            return null;
        }
        Object note = processor.request().getNote(CoyoteAdapter.ADAPTER_NOTES);
        return (note instanceof Request request) ? request.getContext() : null;
    }

    /** Interrupts the worker that is at this connection's request right now, where it is known. */
    void interruptWorker(NioSocketWrapper wrapper) {
        DrainHttp11Processor processor = this.processors.get(wrapper);
        if (processor != null) {
            processor.interruptWorkerOn(wrapper);
        }
    }

    private static String remote(NioSocketWrapper wrapper) {
        String address = wrapper.getRemoteAddr();
        return (address != null) ? address + ":" + wrapper.getRemotePort() : "?";
    }

    private String protocolOf(NioSocketWrapper wrapper, ConnectionState state) {
        if (this.http2.containsKey(wrapper)) {
            return "HTTP/2";
        }
        return (state == ConnectionState.UPGRADED) ? "upgraded" : "HTTP/1.1";
    }

    private List<RequestSnapshot> requests(NioSocketWrapper wrapper, ConnectionState state) {
        if (state != ConnectionState.IN_SERVICE && state != ConnectionState.RESPONDING) {
            return List.of();
        }
        Http2GracefulClose session = this.http2.get(wrapper);
        if (session != null) {
            return RequestSnapshots.ofStreams(session);
        }
        DrainHttp11Processor processor = this.processors.get(wrapper);
        return (processor != null) ? List.of(RequestSnapshots.of(processor)) : List.of();
    }
}

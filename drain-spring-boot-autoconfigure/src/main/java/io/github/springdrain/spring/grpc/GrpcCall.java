// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call under way, which the drain can end with a status while the application responds to it. Thread-safe, as gRPC's
 * own calls are not.
 *
 * @param <Q> what the client sends
 * @param <R> what the server sends
 */
final class GrpcCall<Q, R> extends SimpleForwardingServerCall<Q, R> {

    private final long begunNanos = System.nanoTime();

    /** By the application or by the drain; guarded by this, like {@link #aborted}. */
    private boolean closed;

    private boolean aborted;

    private boolean headersSent;

    GrpcCall(ServerCall<Q, R> delegate) {
        super(delegate);
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!this.aborted) {
            this.headersSent = true;
            super.sendHeaders(headers);
        }
    }

    @Override
    public synchronized void sendMessage(R message) {
        if (!this.aborted) {
            super.sendMessage(message);
        }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (!this.aborted) {
            this.closed = true;
            super.close(status, trailers);
        }
    }

    /**
     * Ends the call with {@code UNAVAILABLE}, unless the application has ended it. The status goes behind headers: a servlet
     * container ends a response without a body by an empty frame, in which clients miss a status that is in the headers.
     */
    synchronized void abort() {
        if (!this.closed) {
            this.closed = true;
            this.aborted = true;
            if (!this.headersSent) {
                super.sendHeaders(new Metadata());
            }
            super.close(Status.UNAVAILABLE.withDescription("The server is going away"), new Metadata());
        }
    }

    /** For the log: method, age and client. */
    String describe() {
        long age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.begunNanos);
        @Nullable SocketAddress remote = getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return "%s, %d ms old, from %s".formatted(getMethodDescriptor().getFullMethodName(), age, remote);
    }
}

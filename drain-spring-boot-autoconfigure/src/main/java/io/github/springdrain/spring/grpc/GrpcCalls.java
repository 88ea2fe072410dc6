// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/**
 * The gRPC calls under way, since no server can be asked for them. Health checks are served and neither counted nor
 * ended: a client may watch its server's health for as long as it is connected. Thread-safe.
 *
 * @param <T> any kind of builder
 */
public final class GrpcCalls<T extends ServerBuilder<T>> implements ServerBuilderCustomizer<T>, ServerInterceptor {

    private static final String HEALTH = "grpc.health.v1.Health";

    private final Set<GrpcCall<?, ?>> underWay = ConcurrentHashMap.newKeySet();

    /** The last one added to a builder is the first to see a call. */
    @Override
    public void customize(T builder) {
        builder.intercept(this);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (isHealth(call)) {
            return next.startCall(call, headers);
        }
        GrpcCall<Q, R> counted = new GrpcCall<>(call);
        this.underWay.add(counted);
        try {
            return new Counted<>(next.startCall(counted, headers), counted);
        } catch (RuntimeException | Error ex) {
            this.underWay.remove(counted);
            throw ex;
        }
    }

    static boolean isHealth(ServerCall<?, ?> call) {
        return HEALTH.equals(call.getMethodDescriptor().getServiceName());
    }

    int count() {
        return this.underWay.size();
    }

    List<GrpcCall<?, ?>> list() {
        return List.copyOf(this.underWay);
    }

    /** Notes the end of a call, of which gRPC tells exactly once. */
    private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {

        private final GrpcCall<?, ?> call;

        Counted(ServerCall.Listener<Q> delegate, GrpcCall<?, ?> call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onComplete() {
            GrpcCalls.this.underWay.remove(this.call);
            super.onComplete();
        }

        @Override
        public void onCancel() {
            GrpcCalls.this.underWay.remove(this.call);
            super.onCancel();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.grpc;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.spring.ReadinessPolicy;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc.HealthImplBase;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextStartedEvent;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/**
 * The health service of gRPC: {@code NOT_SERVING} while a drain has the application refuse traffic. What had that status
 * before keeps it when the drain is resumed. What updates the status from time to time, such as Spring Boot's own health,
 * does not know of the drain, so clients get {@code NOT_SERVING} whatever it says meanwhile. Thread-safe.
 *
 * @param <T> any kind of builder
 */
public final class GrpcHealth<T extends ServerBuilder<T>>
        implements DrainListener,
                ApplicationListener<ContextStartedEvent>,
                ServerBuilderCustomizer<T>,
                ServerInterceptor {

    private static final HealthCheckResponse NOT_SERVING = HealthCheckResponse.newBuilder()
            .setStatus(ServingStatus.NOT_SERVING)
            .build();

    private final HealthStatusManager health;

    private final Supplier<Stream<BindableService>> services;

    private final ReadinessPolicy policy;

    /** What served before; guarded by this. */
    private final Set<String> serving = new HashSet<>();

    private volatile boolean held;

    /**
     * Creates the listener.
     *
     * @param services what the application serves
     * @param policy when the health is to change
     */
    public GrpcHealth(HealthStatusManager health, Supplier<Stream<BindableService>> services, ReadinessPolicy policy) {
        this.health = health;
        this.services = services;
        this.policy = policy;
    }

    @Override
    public void customize(T builder) {
        builder.intercept(this);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return next.startCall(GrpcCalls.isHealth(call) ? new HealthCall<>(call) : call, headers);
    }

    @Override
    public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
        if (this.policy.refusesIn(phase) && !this.held) {
            this.held = true;
            refuse();
        }
    }

    /** Tells those who watch. */
    private synchronized void refuse() {
        for (String name : names()) {
            if (status(name) == ServingStatus.SERVING) {
                this.serving.add(name);
                this.health.setStatus(name, ServingStatus.NOT_SERVING);
            }
        }
    }

    @Override
    public void resumed() {
        restore();
    }

    /** The context has been stopped and started again. */
    @Override
    public void onApplicationEvent(ContextStartedEvent event) {
        restore();
    }

    /** Those who watch are told of changes only, so one that was set meanwhile is no change to them. */
    private synchronized void restore() {
        this.serving.forEach((name) -> this.health.setStatus(name, ServingStatus.NOT_SERVING));
        this.held = false;
        this.serving.forEach((name) -> this.health.setStatus(name, ServingStatus.SERVING));
        this.serving.clear();
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        names.add(HealthStatusManager.SERVICE_NAME_ALL_SERVICES);
        this.services
                .get()
                .map(BindableService::bindService)
                .map(ServerServiceDefinition::getServiceDescriptor)
                .forEach((service) -> names.add(service.getName()));
        return names;
    }

    private @Nullable ServingStatus status(String name) {
        Status status = new Status();
        if (this.health.getHealthService() instanceof HealthImplBase service) {
            service.check(HealthCheckRequest.newBuilder().setService(name).build(), status);
        }
        return status.found;
    }

    /** A check of the health, or a watch of it. */
    private final class HealthCall<Q, R> extends SimpleForwardingServerCall<Q, R> {

        HealthCall(ServerCall<Q, R> delegate) {
            super(delegate);
        }

        @Override
        @SuppressWarnings("unchecked") // A response of the same type.
        public void sendMessage(R message) {
            boolean refused = GrpcHealth.this.held
                    && message instanceof HealthCheckResponse response
                    && response.getStatus() == ServingStatus.SERVING;
            super.sendMessage(refused ? (R) NOT_SERVING : message);
        }
    }

    /** Receives the status, if there is one. */
    private static final class Status implements StreamObserver<HealthCheckResponse> {

        private @Nullable ServingStatus found;

        @Override
        public void onNext(HealthCheckResponse response) {
            this.found = response.getStatus();
        }

        @Override
        public void onError(Throwable unknown) {}

        @Override
        public void onCompleted() {}
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.DrainableServer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ClassUtils;

/**
 * Has the drain take the application itself out of service where there is no server that the library drains. Such a
 * server is left to Spring Boot, and everything that needs none is drained.
 */
public final class DrainWithoutServer implements SmartLifecycle {

    /** Beans by which clients find an application that has no web server. */
    private static final List<String> ROUTED = List.of(
            "org.springframework.cloud.client.serviceregistry.ServiceRegistry",
            "org.springframework.grpc.server.GrpcServerFactory");

    private static final Logger logger = LoggerFactory.getLogger(DrainWithoutServer.class);

    private final DrainEngine drain;

    private final ConfigurableApplicationContext context;

    private final boolean delayIsWanted;

    private volatile boolean running;

    /**
     * Creates the one of a context.
     *
     * @param delayIsWanted whether the user has set the delay of the announcement; an application without a server has
     *     none by default, unless clients find it in another way
     */
    public DrainWithoutServer(DrainEngine drain, ConfigurableApplicationContext context, boolean delayIsWanted) {
        this.drain = drain;
        this.context = context;
        this.delayIsWanted = delayIsWanted;
    }

    @Override
    public void start() {
        this.running = true;
        if (this.drain.server() == DrainableServer.NONE) {
            attach(ServerKind.of(this.context));
        }
    }

    private void attach(ServerKind kind) {
        switch (kind) {
            case EMBEDDED -> attach("not supported");
            case EXTERNAL -> {
                attachAlone("external");
                logger.info(
                        "Drain without a server: the container that the application was deployed to stops as it does"
                                + " without the drain");
            }
            case NONE -> attachAlone("none");
            case MOCK -> {
                // Nobody sends requests to it, and a test that closes it has nothing to wait for.
            }
        }
    }

    private void attachAlone(String name) {
        if (!this.delayIsWanted && !isRoutedTo()) {
            this.drain.skipAnnounceDelay();
        }
        attach(name);
    }

    private boolean isRoutedTo() {
        return ROUTED.stream()
                .filter((type) -> ClassUtils.isPresent(type, this.context.getClassLoader()))
                .map((type) -> ClassUtils.resolveClassName(type, this.context.getClassLoader()))
                .anyMatch((type) -> this.context.getBeanNamesForType(type, true, false).length > 0);
    }

    private void attach(String name) {
        this.drain.attach(DrainableServer.undrained(name, () -> this.running));
    }

    @Override
    public void stop() {
        this.running = false;
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public int getPhase() {
        return ShutdownPhase.DRAIN_WITHOUT_SERVER.value();
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public boolean isPauseable() {
        return false;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.DrainableServer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.util.function.SingletonSupplier;

/**
 * Binds the factory of a container to the drain: what is the same for all containers and lines of Spring Boot.
 *
 * @param <S> the adapter of the container
 */
public final class ServerBinding<S extends DrainableServer> implements DisposableBean {

    private final DrainEngine drain;

    private final SingletonSupplier<S> server;

    private final Consumer<S> release;

    private volatile @Nullable S bound;

    ServerBinding(DrainEngine drain, Supplier<S> server) {
        this(drain, server, (bound) -> {});
    }

    /**
     * Creates a binding.
     *
     * @param server called once, and not before the adapter is needed: it looks for what the kernel offers
     * @param release releases what the server holds, once the context is closed
     */
    ServerBinding(DrainEngine drain, Supplier<S> server, Consumer<S> release) {
        this.drain = drain;
        this.server = SingletonSupplier.of(server);
        this.release = release;
    }

    /** Attaches the server that the factory is going to create. */
    public S bind(ConfigurableWebServerFactory factory) {
        // Boot's own graceful shutdown would wait once more for what the drain has waited for.
        factory.setShutdown(Shutdown.IMMEDIATE);
        S adapter = server();
        this.bound = adapter;
        this.drain.attach(adapter);
        return adapter;
    }

    /** The adapter of the server, for what is installed beside the factory. */
    public S server() {
        return this.server.obtain();
    }

    @Override
    public void destroy() {
        S adapter = this.bound;
        if (adapter != null) {
            this.release.accept(adapter);
        }
    }
}

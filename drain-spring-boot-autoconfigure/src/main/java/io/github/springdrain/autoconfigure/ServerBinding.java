package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.DrainableServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Shutdown;

/**
 * Binds the factory of a container to the drain: what is the same for all containers and lines of Spring Boot.
 *
 * @param <S> the adapter of the container
 */
public final class ServerBinding<S extends DrainableServer> implements DisposableBean {

    private final DrainEngine drain;

    private final Supplier<S> servers;

    private final Consumer<S> release;

    private final List<S> bound = new CopyOnWriteArrayList<>();

    ServerBinding(DrainEngine drain, Supplier<S> servers) {
        this(drain, servers, (server) -> {});
    }

    /**
     * Creates a binding.
     *
     * @param servers asked when a factory is bound, and not before: an adapter looks for what the kernel offers
     * @param release takes back what a server holds, once the context is closed
     */
    ServerBinding(DrainEngine drain, Supplier<S> servers, Consumer<S> release) {
        this.drain = drain;
        this.servers = servers;
        this.release = release;
    }

    /** Attaches the server that the factory is going to create. */
    public S bind(ConfigurableWebServerFactory factory) {
        // Boot's own graceful shutdown would wait once more for what the drain has waited for.
        factory.setShutdown(Shutdown.IMMEDIATE);
        S server = this.servers.get();
        this.bound.add(server);
        this.drain.attach(server);
        return server;
    }

    /** The adapter of the server, for what is installed beside the factory. */
    public S server() {
        return this.servers.get();
    }

    @Override
    public void destroy() {
        this.bound.forEach(this.release);
    }
}

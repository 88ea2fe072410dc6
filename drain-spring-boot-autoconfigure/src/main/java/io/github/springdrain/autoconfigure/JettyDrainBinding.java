package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.jetty.JettyDrainableServer;
import java.util.function.Supplier;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Shutdown;

/** Binds a Jetty factory to the drain: what is the same for both lines of Spring Boot. */
public final class JettyDrainBinding {

    private final DrainEngine drain;

    private final Supplier<JettyDrainableServer> servers;

    JettyDrainBinding(DrainEngine drain, Supplier<JettyDrainableServer> servers) {
        this.drain = drain;
        this.servers = servers;
    }

    /** Attaches the server that the factory is going to create, whose connectors are to be adopted. */
    public JettyDrainableServer bind(ConfigurableWebServerFactory factory) {
        // Boot's own graceful shutdown would wait once more for what the drain has waited for.
        factory.setShutdown(Shutdown.IMMEDIATE);
        JettyDrainableServer server = this.servers.get();
        this.drain.attach(server);
        return server;
    }
}

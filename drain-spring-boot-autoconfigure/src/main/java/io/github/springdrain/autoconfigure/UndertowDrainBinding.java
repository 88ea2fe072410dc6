package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.undertow.UndertowDrainableServer;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Shutdown;

/** Binds an Undertow factory to the drain. */
public final class UndertowDrainBinding {

    private final DrainEngine drain;

    private final UndertowDrainableServer server;

    UndertowDrainBinding(DrainEngine drain, UndertowDrainableServer server) {
        this.drain = drain;
        this.server = server;
    }

    /** The server that takes on what the factory creates. */
    public UndertowDrainableServer server() {
        return this.server;
    }

    /** Attaches the server that the factory is going to create. */
    public void bind(ConfigurableWebServerFactory factory) {
        // Boot's own graceful shutdown would wait once more for what the drain has waited for.
        factory.setShutdown(Shutdown.IMMEDIATE);
        this.drain.attach(this.server);
    }
}

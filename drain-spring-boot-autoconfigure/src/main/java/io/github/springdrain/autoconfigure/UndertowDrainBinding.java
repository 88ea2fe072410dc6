package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.undertow.UndertowDrainableServer;
import java.util.function.Supplier;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.util.function.SingletonSupplier;

/** Binds an Undertow factory to the drain. */
public final class UndertowDrainBinding {

    private final DrainEngine drain;

    private final Supplier<UndertowDrainableServer> server;

    UndertowDrainBinding(DrainEngine drain, Supplier<UndertowDrainableServer> server) {
        this.drain = drain;
        this.server = SingletonSupplier.of(server);
    }

    /**
     * The server that takes on what the factory creates. Made when it is first asked for, since it looks for
     * what the kernel offers.
     */
    public UndertowDrainableServer server() {
        return this.server.get();
    }

    /** Attaches the server that the factory is going to create. */
    public void bind(ConfigurableWebServerFactory factory) {
        // Boot's own graceful shutdown would wait once more for what the drain has waited for.
        factory.setShutdown(Shutdown.IMMEDIATE);
        this.drain.attach(server());
    }
}

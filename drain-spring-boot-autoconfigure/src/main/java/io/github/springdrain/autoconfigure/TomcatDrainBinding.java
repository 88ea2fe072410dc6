package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.tomcat.DrainHttp11NioProtocol;
import io.github.springdrain.server.tomcat.TomcatDrainableServer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.util.function.SingletonSupplier;

/** Binds a Tomcat factory to the drain: what is the same for both lines of Spring Boot. */
public final class TomcatDrainBinding {

    private static final String DEFAULT_PROTOCOL = "org.apache.coyote.http11.Http11NioProtocol";

    private final DrainEngine drain;

    private final Supplier<TomcatDrainableServer> server;

    TomcatDrainBinding(DrainEngine drain, Supplier<TomcatDrainableServer> server) {
        this.drain = drain;
        this.server = SingletonSupplier.of(server);
    }

    /**
     * The server that takes on the connectors of every context the factory creates. Made when it is first asked for, since it looks for
     * what the kernel offers.
     */
    public TomcatDrainableServer server() {
        return this.server.get();
    }

    /**
     * Attaches the server that the factory is going to create.
     *
     * @param protocol the class name of the protocol handler the factory would use, {@code null} if it is not known
     * @param setProtocol makes the factory use another one
     */
    public void bind(ConfigurableWebServerFactory factory, @Nullable String protocol, Consumer<String> setProtocol) {
        if (DEFAULT_PROTOCOL.equals(protocol)) {
            setProtocol.accept(DrainHttp11NioProtocol.class.getName());
        }
        // Boot's own graceful shutdown would wait once more for what the drain has waited for.
        factory.setShutdown(Shutdown.IMMEDIATE);
        this.drain.attach(server());
    }
}

package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.netty.NettyDrainableServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Shutdown;

/** Binds a factory of Reactor Netty to the drain: what is the same for both lines of Spring Boot. */
public final class NettyDrainBinding implements DisposableBean {

    private final DrainEngine drain;

    private final Supplier<NettyDrainableServer> servers;

    private final List<NettyDrainableServer> bound = new CopyOnWriteArrayList<>();

    NettyDrainBinding(DrainEngine drain, Supplier<NettyDrainableServer> servers) {
        this.drain = drain;
        this.servers = servers;
    }

    /** Attaches the server that the factory is going to create, which is to be customized. */
    public NettyDrainableServer bind(ConfigurableWebServerFactory factory) {
        // Boot's own graceful shutdown would wait once more for what the drain has waited for.
        factory.setShutdown(Shutdown.IMMEDIATE);
        NettyDrainableServer server = this.servers.get();
        this.bound.add(server);
        this.drain.attach(server);
        return server;
    }

    @Override
    public void destroy() {
        this.bound.forEach(NettyDrainableServer::release);
    }
}

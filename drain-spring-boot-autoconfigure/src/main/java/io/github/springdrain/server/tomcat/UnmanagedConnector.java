package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import java.util.List;
import java.util.function.Predicate;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.RequestGroupInfo;
import org.jspecify.annotations.Nullable;

/**
 * A connector with a protocol handler of the application's choice (NIO2, AJP, a class of its own). It gets what plain
 * Spring Boot gives it: it is paused and its listener closed. Its active requests are waited for, as
 * {@link AllocatedServlets} counts them.
 */
final class UnmanagedConnector implements DrainConnector {

    private final Connector connector;

    private volatile int lastPort;

    UnmanagedConnector(Connector connector) {
        this.connector = connector;
    }

    @Override
    public Connector connector() {
        return this.connector;
    }

    @Override
    public boolean isManaged() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return port() > 0 && this.connector.getLocalPort() > 0;
    }

    @Override
    public @Nullable GatedListener listener() {
        return null;
    }

    @Override
    public int port() {
        int open = this.connector.getLocalPort();
        if (open > 0) {
            this.lastPort = open;
        }
        return this.lastPort;
    }

    @Override
    public void announce(double closeShare) {}

    @Override
    public void liftConnectionLimit() {}

    @Override
    public void closeListener() {
        port();
        this.connector.pause();
        this.connector.getProtocolHandler().closeServerSocketGraceful();
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        return List.of();
    }

    @Override
    public void closeIdle(IdleLimits limits) {}

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {}

    @Override
    public long accepted() {
        return 0;
    }

    @Override
    public long completedRequests() {
        return (this.connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol
                        && protocol.getHandler().getGlobal() instanceof RequestGroupInfo group)
                ? group.getRequestCount()
                : 0;
    }

    @Override
    public void restarted() {}
}

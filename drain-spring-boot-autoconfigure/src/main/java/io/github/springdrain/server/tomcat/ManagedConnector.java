package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.acceptqueue.AcceptLoop;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connector that is served by the library's protocol handler. */
final class ManagedConnector implements DrainConnector {

    private static final Logger logger = LoggerFactory.getLogger(ManagedConnector.class);

    private final Connector connector;

    private final DrainHttp11NioProtocol protocol;

    ManagedConnector(Connector connector, DrainHttp11NioProtocol protocol) {
        this.connector = connector;
        this.protocol = protocol;
    }

    @Override
    public Connector connector() {
        return this.connector;
    }

    @Override
    public boolean isManaged() {
        return true;
    }

    @Override
    public boolean isOpen() {
        AcceptLoop loop = this.protocol.endpoint().acceptLoop();
        return loop != null && loop.isOpen();
    }

    @Override
    public @Nullable GatedListener listener() {
        AcceptLoop loop = this.protocol.endpoint().acceptLoop();
        // One that was handed down is not ours alone: a gate would starve whoever else accepts from it.
        boolean shared = this.protocol.endpoint().getUseInheritedChannel();
        return (loop != null && loop.isOpen() && !loop.address().isUnresolved() && !shared) ? loop : null;
    }

    @Override
    public int port() {
        AcceptLoop loop = this.protocol.endpoint().acceptLoop();
        return (loop != null) ? loop.address().getPort() : 0;
    }

    @Override
    public void announce(double closeShare) {
        this.protocol.announcement().set(closeShare);
        if (closeShare > 0) {
            this.protocol.http2Connections().forEach(Http2Connection::announce);
        }
    }

    @Override
    public void liftConnectionLimit() {
        this.protocol.endpoint().liftConnectionLimit();
    }

    @Override
    public void closeListener() {
        try {
            this.protocol.endpoint().closeListener();
        } catch (IOException ex) {
            logger.warn("The listener of {} could not be closed cleanly", this.connector, ex);
        }
        // Only now that nothing can be accepted: from here on Tomcat drops what accept() returns.
        this.protocol.closeServerSocketGraceful();
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        return new ConnectionScan(this.protocol).snapshots();
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        this.protocol.endpoint().lingerPolicy().setClosingIdle(true);
        new IdleSweep(this.protocol, limits).run();
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        ConnectionScan scan = new ConnectionScan(this.protocol);
        scan.forEach((wrapper, state) -> {
            if (!spare.test(scan.snapshot(wrapper, state))) {
                abort(wrapper, state);
                scan.interruptWorker(wrapper);
            }
        });
    }

    private static void abort(NioSocketWrapper wrapper, ConnectionState state) {
        if (state == ConnectionState.RESPONDING && wrapper.getSocket() instanceof LingerChannel channel) {
            channel.end().abort();
        }
        wrapper.close();
    }

    @Override
    public long accepted() {
        AcceptLoop loop = this.protocol.endpoint().acceptLoop();
        return (loop != null) ? loop.accepted() : 0;
    }

    @Override
    public long completedRequests() {
        return this.protocol.completedRequests();
    }

    @Override
    public void restarted() {
        this.protocol.announcement().set(0);
        this.protocol.endpoint().lingerPolicy().setClosingIdle(false);
    }
}

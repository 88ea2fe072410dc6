// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.FailureCollector;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.acceptqueue.AcceptLoop;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;

/** A connector that is served by the library's protocol handler. */
final class ManagedConnector implements TomcatConnector {

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
        // An inherited one may be shared: a gate would starve the other processes that accept from it.
        return (loop != null && loop.isOpen() && !loop.address().isUnresolved() && !isInherited()) ? loop : null;
    }

    @Override
    public boolean isInherited() {
        return this.protocol.endpoint().getUseInheritedChannel();
    }

    @Override
    public int port() {
        AcceptLoop loop = this.protocol.endpoint().acceptLoop();
        return (loop != null) ? loop.address().getPort() : 0;
    }

    @Override
    public void announce(double closeShare) {
        this.protocol.closeAdvertisement().set(closeShare);
        if (closeShare > 0) {
            FailureCollector.forEach(this.protocol.http2Connections(), Http2GracefulClose::announce);
        }
    }

    @Override
    public void liftConnectionLimit() {
        this.protocol.endpoint().liftConnectionLimit();
    }

    @Override
    public void closeListener() throws IOException {
        try {
            this.protocol.endpoint().closeListener();
        } finally {
            // Only now that nothing can be accepted: from here on Tomcat drops what accept() returns.
            this.protocol.closeServerSocketGraceful();
        }
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        return new ConnectionScan(this.protocol).snapshots();
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        new IdleSweep(this.protocol, limits).run();
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        ConnectionScan scan = new ConnectionScan(this.protocol);
        scan.forEach((wrapper, state) -> {
            if (!spare.test(scan.snapshot(wrapper, state))) {
                Context suspendedIn = scan.suspendedIn(wrapper);
                abort(wrapper, state);
                if (suspendedIn != null) {
                    // Its end is counted by nothing else now, and the application's stop would wait for it.
                    suspendedIn.decrementInProgressAsyncCount();
                }
                scan.interruptWorker(wrapper);
            }
        });
    }

    private static void abort(NioSocketWrapper wrapper, ConnectionState state) {
        if (state == ConnectionState.RESPONDING && wrapper.getSocket() instanceof LingerChannel channel) {
            channel.state().end().abort();
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
    public void starting() {
        this.protocol.closeAdvertisement().set(0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.adapter.UnmanagedDrainConnector;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.RequestGroupInfo;

/**
 * A connector with a protocol handler of the application's choice (NIO2, AJP, a class of its own). It gets what plain
 * Spring Boot gives it: it is paused and its listener closed. Its active requests are waited for, as
 * {@link AllocatedServlets} counts them.
 */
final class UnmanagedConnector implements TomcatConnector, UnmanagedDrainConnector {

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
    public boolean isOpen() {
        return port() > 0 && this.connector.getLocalPort() > 0;
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
    public void closeListener() {
        port();
        this.connector.pause();
        this.connector.getProtocolHandler().closeServerSocketGraceful();
    }

    @Override
    public long completedRequests() {
        return (this.connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol
                        && protocol.getHandler().getGlobal() instanceof RequestGroupInfo group)
                ? group.getRequestCount()
                : 0;
    }

    @Override
    public void starting() {}
}

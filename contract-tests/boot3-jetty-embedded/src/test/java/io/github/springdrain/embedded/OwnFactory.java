// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.embedded.jetty.JettyWebServer;
import org.springframework.boot.web.server.WebServer;

/** A factory of the application, and what its container goes by. */
final class OwnFactory extends JettyServletWebServerFactory {

    static final WebApplicationType TYPE = WebApplicationType.SERVLET;

    static final List<String> PROPERTIES = List.of(
            "server.jetty.connection-idle-timeout=4s",
            "server.jetty.max-connections=50",
            "server.jetty.threads.max=20");

    static final List<String> EXPECTED =
            List.of("idleTimeout=4000", "acceptQueueSize=11", "maxConnections=50", "maxThreads=20", "stopTimeout=70");

    void customizeFirst() {
        addServerCustomizers((server) -> connector(server).setAcceptQueueSize(11));
    }

    void customizeLast() {
        addServerCustomizers((server) -> connector(server).setShutdownIdleTimeout(70));
    }

    static String settings(WebServer webServer) {
        Server server = ((JettyWebServer) webServer).getServer();
        ServerConnector connector = connector(server);
        return "idleTimeout=%d;acceptQueueSize=%d;maxConnections=%s;maxThreads=%d;stopTimeout=%d;"
                .formatted(
                        connector.getIdleTimeout(),
                        connector.getAcceptQueueSize(),
                        maxConnections(server),
                        ((ThreadPool.SizedThreadPool) server.getThreadPool()).getMaxThreads(),
                        connector.getShutdownIdleTimeout());
    }

    private static ServerConnector connector(Server server) {
        return (ServerConnector) server.getConnectors()[0];
    }

    /** The limit has another class in each line. */
    private static Object maxConnections(Server server) {
        for (Object bean : server.getBeans()) {
            BeanWrapper limit = PropertyAccessorFactory.forBeanPropertyAccess(bean);
            for (String name : List.of("maxNetworkConnectionCount", "maxConnections")) {
                if (bean instanceof LifeCycle && limit.isReadableProperty(name)) {
                    return String.valueOf(limit.getPropertyValue(name));
                }
            }
        }
        return "none";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.util.List;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServer;

/** A factory of the application, and what its container goes by. */
final class OwnFactory extends TomcatServletWebServerFactory {

    static final WebApplicationType TYPE = WebApplicationType.SERVLET;

    static final List<String> PROPERTIES = List.of(
            "server.tomcat.max-connections=50",
            "server.tomcat.connection-timeout=4s",
            "server.tomcat.max-keep-alive-requests=7",
            "server.tomcat.threads.max=20");

    static final List<String> EXPECTED = List.of(
            "maxConnections=50",
            "connectionTimeout=4000",
            "maxKeepAliveRequests=7",
            "maxThreads=20",
            "acceptCount=11",
            "maxParameterCount=70");

    void customizeFirst() {
        addConnectorCustomizers((connector) -> connector.setProperty("acceptCount", "11"));
    }

    void customizeLast() {
        addConnectorCustomizers((connector) -> connector.setMaxParameterCount(70));
    }

    static String settings(WebServer webServer) {
        Connector connector = ((TomcatWebServer) webServer).getTomcat().getConnector();
        StringBuilder text = new StringBuilder("maxParameterCount=" + connector.getMaxParameterCount() + ";");
        for (String name :
                List.of("maxConnections", "connectionTimeout", "maxKeepAliveRequests", "maxThreads", "acceptCount")) {
            text.append(name + "=" + connector.getProperty(name) + ";");
        }
        return text.toString();
    }
}

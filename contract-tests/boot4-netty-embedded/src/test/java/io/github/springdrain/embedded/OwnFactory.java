// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import io.netty.channel.ChannelOption;
import java.util.List;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerConfig;

/** A factory of the application, and what its container goes by. */
final class OwnFactory extends NettyReactiveWebServerFactory {

    static final WebApplicationType TYPE = WebApplicationType.REACTIVE;

    static final List<String> PROPERTIES =
            List.of("server.netty.idle-timeout=4s", "server.netty.max-keep-alive-requests=7");

    static final List<String> EXPECTED =
            List.of("idleTimeout=PT4S", "maxKeepAliveRequests=7", "backlog=11", "accessLog=true");

    void customizeFirst() {
        addServerCustomizers((server) -> server.option(ChannelOption.SO_BACKLOG, 11));
    }

    void customizeLast() {
        addServerCustomizers((server) -> server.accessLog(true));
    }

    static String settings(WebServer webServer) {
        HttpServer server = (HttpServer) new DirectFieldAccessor(webServer).getPropertyValue("httpServer");
        HttpServerConfig configuration = server.configuration();
        return "idleTimeout=%s;maxKeepAliveRequests=%d;backlog=%s;accessLog=%s;"
                .formatted(
                        configuration.idleTimeout(),
                        configuration.maxKeepAliveRequests(),
                        configuration.options().get(ChannelOption.SO_BACKLOG),
                        new DirectFieldAccessor(configuration).getPropertyValue("accessLogEnabled"));
    }
}

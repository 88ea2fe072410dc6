// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import io.undertow.UndertowOptions;
import java.util.List;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.xnio.OptionMap;
import org.xnio.Options;

/** A factory of the application, and what its container goes by. */
final class OwnFactory extends UndertowServletWebServerFactory {

    static final WebApplicationType TYPE = WebApplicationType.SERVLET;

    static final List<String> PROPERTIES = List.of(
            "server.undertow.no-request-timeout=4s",
            "server.undertow.max-headers=44",
            "server.undertow.threads.io=2",
            "server.undertow.threads.worker=20");

    static final List<String> EXPECTED =
            List.of("noRequestTimeout=4000", "maxHeaders=44", "backlog=11", "maxParameters=70", "io=2", "workers=20");

    void customizeFirst() {
        addBuilderCustomizers((builder) -> builder.setSocketOption(Options.BACKLOG, 11));
    }

    void customizeLast() {
        addBuilderCustomizers((builder) -> builder.setServerOption(UndertowOptions.MAX_PARAMETERS, 70));
    }

    static String settings(WebServer webServer) {
        Object server = new DirectFieldAccessor(webServer).getPropertyValue("undertow");
        DirectFieldAccessor fields = new DirectFieldAccessor(server);
        OptionMap options = (OptionMap) fields.getPropertyValue("serverOptions");
        OptionMap socketOptions = (OptionMap) fields.getPropertyValue("socketOptions");
        return "noRequestTimeout=%s;maxHeaders=%s;maxParameters=%s;backlog=%s;io=%s;workers=%s;"
                .formatted(
                        options.get(UndertowOptions.NO_REQUEST_TIMEOUT),
                        options.get(UndertowOptions.MAX_HEADERS),
                        options.get(UndertowOptions.MAX_PARAMETERS),
                        socketOptions.get(Options.BACKLOG),
                        fields.getPropertyValue("ioThreads"),
                        fields.getPropertyValue("workerThreads"));
    }
}

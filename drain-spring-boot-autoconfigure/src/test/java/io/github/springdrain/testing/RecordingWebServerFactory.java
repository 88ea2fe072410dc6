// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import java.util.List;
import org.springframework.boot.web.server.GracefulShutdownCallback;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.web.servlet.server.AbstractServletWebServerFactory;

/** Creates a web server without sockets that writes down when Boot starts and stops it. */
public final class RecordingWebServerFactory extends AbstractServletWebServerFactory {

    private final List<String> story;

    public RecordingWebServerFactory(List<String> story) {
        this.story = story;
    }

    @Override
    public WebServer getWebServer(ServletContextInitializer... initializers) {
        return new WebServer() {

            @Override
            public void start() {
                RecordingWebServerFactory.this.story.add("Boot starts the server");
            }

            @Override
            public void shutDownGracefully(GracefulShutdownCallback callback) {
                RecordingWebServerFactory.this.story.add("Boot shuts down gracefully");
                callback.shutdownComplete(GracefulShutdownResult.IMMEDIATE);
            }

            @Override
            public void stop() {
                RecordingWebServerFactory.this.story.add("Boot stops the server");
            }

            @Override
            public int getPort() {
                return 8080;
            }
        };
    }
}

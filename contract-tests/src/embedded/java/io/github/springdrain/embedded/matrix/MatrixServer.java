// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.TlsMaterial;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The application behind all its listeners, with the starter or without. Used by one thread at a time. */
final class MatrixServer implements Closeable {

    /** The property with the port of the listener behind the PROXY protocol. */
    static final String PROXY_PORT = "matrix.proxy-port";

    private final Map<Listener, ConfigurableApplicationContext> contexts = new EnumMap<>(Listener.class);

    private final Map<Listener, Integer> ports = new EnumMap<>(Listener.class);

    private MatrixServer() {}

    static MatrixServer start(boolean drain) {
        MatrixServer server = new MatrixServer();
        server.start(drain, Listener.HTTP, Listener.PROXY_HTTP, List.of());
        server.start(drain, Listener.HTTPS, Listener.PROXY_HTTPS, TlsMaterial.serverArguments());
        return server;
    }

    private void start(boolean drain, Listener listener, Listener proxied, List<String> tls) {
        int proxyPort = Ports.free();
        List<String> arguments = new ArrayList<>(tls);
        arguments.addAll(List.of(
                "--server.port=0",
                "--" + PROXY_PORT + "=" + proxyPort,
                "--server.drain.enabled=" + drain,
                // Five times the default, for machines that are as many times as slow.
                "--server.drain.linger.unread-body-timeout=500ms",
                "--server.http2.enabled=true",
                "--server.compression.enabled=true",
                "--server.compression.mime-types=text/css",
                "--server.compression.min-response-size=1",
                "--server.servlet.register-default-servlet=true",
                "--spring.mvc.servlet.path=/mvc",
                "--spring.web.resources.add-mappings=false",
                "--spring.jmx.enabled=false",
                "--spring.main.banner-mode=off"));
        ConfigurableApplicationContext context = new SpringApplicationBuilder(MatrixApplication.class)
                .web(WebApplicationType.SERVLET)
                .run(arguments.toArray(String[]::new));
        this.contexts.put(listener, context);
        this.contexts.put(proxied, context);
        this.ports.put(listener, context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        this.ports.put(proxied, proxyPort);
    }

    /** Runs a script to its end, and returns what its clients and the server saw. */
    Transcript run(Listener listener, Case.Script script) {
        ServerLog log = this.contexts.get(listener).getBean(ServerLog.class);
        log.forget();
        Exchange exchange = new Exchange(listener, this.ports.get(listener));
        try (exchange) {
            script.run(exchange);
        } catch (Exception ex) {
            exchange.transcript().outcome("failed");
            exchange.transcript().note(ex.toString());
        }
        Transcript transcript = exchange.transcript();
        for (String line : log.take(transcript.responses())) {
            if (line.startsWith("counted errors") && !line.endsWith("+0")) {
                transcript.outcome("error counted");
            }
            transcript.note("server: " + line);
        }
        return transcript;
    }

    @Override
    public void close() {
        this.contexts.values().forEach(ConfigurableApplicationContext::close);
    }
}

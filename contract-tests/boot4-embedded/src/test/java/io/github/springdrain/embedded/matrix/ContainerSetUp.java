package io.github.springdrain.embedded.matrix;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Map;
import org.apache.catalina.AccessLog;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.RequestGroupInfo;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tomcat, with an access log and its own counters; it knows no PROXY protocol. */
@Configuration(proxyBeanMethods = false)
class ContainerSetUp {

    static final String NAME = "Tomcat 11";

    static final boolean PROXY_PROTOCOL = false;

    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> matrixCustomizer(ServerLog log) {
        return (factory) -> {
            factory.setDocumentRoot(MatrixApplication.FILES.toFile());
            factory.addEngineValves(new LogValve(log));
        };
    }

    @Bean
    static ApplicationListener<WebServerInitializedEvent> countersFinder(ServerLog log) {
        return (event) -> {
            if (event.getWebServer() instanceof TomcatWebServer server) {
                RequestGroupInfo counters =
                        counters(server.getTomcat().getConnector().getProtocolHandler());
                log.counters(() -> Map.of(
                        "counted requests",
                        (long) counters.getRequestCount(),
                        "counted errors",
                        (long) counters.getErrorCount(),
                        "counted bytes sent",
                        counters.getBytesSent(),
                        "counted bytes received",
                        counters.getBytesReceived()));
            }
        };
    }

    private static RequestGroupInfo counters(ProtocolHandler protocol) {
        try {
            Method handler = AbstractProtocol.class.getDeclaredMethod("getHandler");
            handler.setAccessible(true);
            return (RequestGroupInfo) ((AbstractEndpoint.Handler<?>) handler.invoke(protocol)).getGlobal();
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Logs a request as Tomcat's own access log does. */
    private static final class LogValve extends ValveBase implements AccessLog {

        private final ServerLog log;

        LogValve(ServerLog log) {
            super(true);
            this.log = log;
        }

        @Override
        public void log(Request request, Response response, long nanos) {
            this.log.log(response.getStatus(), response.getBytesWritten(false));
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
        }

        @Override
        public void setRequestAttributesEnabled(boolean enabled) {
            // Not asked for.
        }

        @Override
        public boolean getRequestAttributesEnabled() {
            return false;
        }
    }
}

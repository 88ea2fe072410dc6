// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Map;
import org.apache.catalina.AccessLog;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.RequestGroupInfo;
import org.apache.tomcat.util.net.AbstractEndpoint;

/** Gives Tomcat an access log and shows its own counters, on each line of Spring Boot. */
final class TomcatSetUp {

    private TomcatSetUp() {}

    static Valve accessLog(ServerLog log) {
        return new LogValve(log);
    }

    static void showCounters(Tomcat tomcat, ServerLog log) {
        RequestGroupInfo counters = counters(tomcat.getConnector().getProtocolHandler());
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

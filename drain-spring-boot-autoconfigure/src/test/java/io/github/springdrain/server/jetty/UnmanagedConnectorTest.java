// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.testing.LogLines;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.web.embedded.jetty.JettyWebServer;
import org.springframework.boot.web.server.GracefulShutdownCallback;
import org.springframework.boot.web.server.GracefulShutdownResult;

/** A connector of a class of the application's own gets what plain Spring Boot gives it, which the first test shows. */
@Timeout(60)
class UnmanagedConnectorTest {

    private final Server jetty = new Server();

    private final ServerConnector connector = new OwnConnector(this.jetty);

    private final CountDownLatch held = new CountDownLatch(1);

    private final CountDownLatch release = new CountDownLatch(1);

    UnmanagedConnectorTest() {
        this.connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        this.jetty.addConnector(this.connector);
        this.jetty.setHandler(new Holding());
    }

    @AfterEach
    void stop() {
        this.release.countDown();
        LifeCycle.stop(this.jetty);
    }

    @Test
    void isShutDownBySpringBoot() throws Exception {
        StatisticsHandler statistics = new StatisticsHandler(this.jetty.getHandler());
        this.jetty.setHandler(statistics);
        this.jetty.start();
        CompletableFuture<GracefulShutdownResult> result = new CompletableFuture<>();
        assertIsServedToTheEnd(() -> shutDown(statistics, result::complete), result::isDone);
        assertThat(result.get()).isEqualTo(GracefulShutdownResult.IDLE);
    }

    /** Runs what a web server of Spring Boot runs, which needs servlets to be started. */
    private void shutDown(StatisticsHandler statistics, GracefulShutdownCallback callback) {
        try {
            Class<?> type = Class.forName(JettyWebServer.class.getPackageName() + ".GracefulShutdown");
            Constructor<?> constructor = type.getDeclaredConstructor(Server.class, Supplier.class);
            constructor.setAccessible(true);
            Supplier<Integer> active = statistics::getRequestsActive;
            Object shutdown = constructor.newInstance(this.jetty, active);
            Method start = type.getDeclaredMethod("shutDownGracefully", GracefulShutdownCallback.class);
            start.setAccessible(true);
            start.invoke(shutdown, callback);
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void isShutDownAsSpringBootDoesIt() throws Exception {
        try (LogLines log = new LogLines(Connectors.class)) {
            JettyDrainableServer server =
                    new JettyDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, LingeringCloser.OFF);
            server.adopt(this.jetty);
            this.jetty.start();
            assertThat(log.warn()).singleElement().asString().contains("OwnConnector", "application's own");
            assertIsServedToTheEnd(
                    () -> drain(server), () -> server.connections().isEmpty());
            assertThat(server.totals().requests()).isEqualTo(2);
            assertThat(server.listeners()).singleElement().satisfies((listener) -> {
                assertThat(listener.open()).isFalse();
                assertThat(listener.port()).isPositive();
            });
        }
    }

    private static void drain(DrainableServer server) {
        AcceptQueueLimits limits = new AcceptQueueLimits(Duration.ofSeconds(3), Duration.ofMillis(100));
        server.announce(1);
        assertThat(server.emptyAcceptQueue(limits, Duration.ofSeconds(10)).complete())
                .isTrue();
        // Jetty counts a request until a moment after its response.
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(server.connections())
                        .singleElement()
                        .satisfies(
                                (connection) -> assertThat(connection.state()).isEqualTo(ConnectionState.IN_SERVICE)));
        server.closeListeners(Duration.ofSeconds(5));
        server.closeIdle(new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO));
        server.abort((connection) -> false);
    }

    /** New clients are refused, idle ones get FIN after Jetty's second, and the request in service its time. */
    private void assertIsServedToTheEnd(Runnable shutdown, Callable<Boolean> end) throws Exception {
        int port = this.connector.getLocalPort();
        try (Socket idle = connect(port);
                Socket busy = connect(port)) {
            send(idle, get("/"));
            assertThat(readResponse(idle)).doesNotContain("Connection: close");
            send(busy, get("/hold"));
            assertThat(this.held.await(30, TimeUnit.SECONDS)).isTrue();
            shutdown.run();
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port)));
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(end.call()).isFalse();
            this.release.countDown();
            assertThat(readAll(busy)).contains("Connection: close").endsWith("ok");
            await().atMost(10, TimeUnit.SECONDS).until(end);
        }
    }

    private static final class OwnConnector extends ServerConnector {

        private OwnConnector(Server server) {
            super(server);
        }
    }

    private final class Holding extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (Request.getPathInContext(request).equals("/hold")) {
                UnmanagedConnectorTest.this.held.countDown();
                assertThat(UnmanagedConnectorTest.this.release.await(30, TimeUnit.SECONDS))
                        .isTrue();
            }
            response.getHeaders().put("Content-Length", 2);
            response.write(true, ByteBuffer.wrap("ok".getBytes(StandardCharsets.ISO_8859_1)), callback);
            return true;
        }
    }
}

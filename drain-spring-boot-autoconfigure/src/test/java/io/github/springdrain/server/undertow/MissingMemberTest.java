// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.InvalidSettingException;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.testing.LogLines;
import io.github.springdrain.testing.RawHttp2;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A version of Undertow that has lost one of the members read from it costs what the log says, and nothing else. */
@Timeout(120)
class MissingMemberTest {

    private static final AcceptQueueLimits QUEUE = new AcceptQueueLimits(Duration.ofSeconds(30), Duration.ofMillis(50));

    private static final IdleLimits AT_ONCE = new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static final IdleLimits PATIENT =
            new IdleLimits(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(30));

    private final CountDownLatch held = new CountDownLatch(1);

    private final CountDownLatch release = new CountDownLatch(1);

    @ParameterizedTest
    @CsvSource({
        "channel,1",
        "tcpServer,1",
        "channelListener,1",
        "openListener,1",
        "connections,1",
        "connections,2",
        "listeners,1",
        "listener,1",
        "current,1",
        "requestState,1",
        "read,1",
        "state,1",
        "currentStreams,1",
        "sinkChannel,1",
        "handleRequests,1",
        "this$0,1"
    })
    void stepsBackFromOneMemberAlone(String member, int occurrence) throws Exception {
        without(member, occurrence, (server, port) -> drain(server, port, !member.equals("channel")));
    }

    /** A listener that does not share its port would keep the next process from starting. */
    @ParameterizedTest
    @CsvSource({"worker", "ioThreads", "workerThreads", "workerOptions"})
    void refusesToSharePortsWithoutAMember(String member) throws Exception {
        try (LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS)) {
            Class<?> type = new WithoutMember(member, 1).loadClass(UndertowDrainableServer.class.getName());
            Object server = type.getConstructor(ListenerGate.Mode.class, Sharing.class, LingeringCloser.class)
                    .newInstance(ListenerGate.Mode.AUTO, Sharing.REUSE_PORT, closer);
            Method customize = type.getMethod("customize", Undertow.Builder.class);
            assertThatExceptionOfType(InvocationTargetException.class)
                    .isThrownBy(() -> customize.invoke(server, Undertow.builder()))
                    .havingCause()
                    .isInstanceOf(InvalidSettingException.class)
                    .withMessage(
                            "reuse-port: true (expected: false, as this Undertow has no Undertow.Builder.%s)", member);
        }
    }

    /** What was read is then still served by Undertow's own listener, for the grace. */
    @Test
    void givesHttp2PeersTheGraceWhereStreamsCannotBeHandedBack() throws Exception {
        without("handleRequests", 1, (server, port) -> {
            try (Socket socket = connect(port)) {
                RawHttp2 client = RawHttp2.inUse(socket);
                server.announce(1);
                server.closeListeners(Duration.ofSeconds(5));
                server.closeIdle(PATIENT);
                client.get(3);
                client.awaitResponse(3);
                server.closeIdle(PATIENT);
                server.closeIdle(AT_ONCE);
                server.closeIdle(AT_ONCE);
                assertThat(client.awaitLastStreams(2)).containsExactly(Integer.MAX_VALUE, 3);
                assertThatExceptionOfType(EOFException.class).isThrownBy(client::read);
            }
        });
    }

    private void without(String member, int occurrence, Act act) throws Exception {
        try (LogLines log = new LogLines(Internals.class);
                LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS)) {
            Class<?> type = new WithoutMember(member, occurrence).loadClass(UndertowDrainableServer.class.getName());
            Object server = type.getConstructor(ListenerGate.Mode.class, Sharing.class, LingeringCloser.class)
                    .newInstance(ListenerGate.Mode.AUTO, Sharing.NONE, closer);
            HttpHandler handler = (HttpHandler)
                    type.getMethod("inFrontOf", HttpHandler.class).invoke(server, new BlockingHandler(this::respond));
            Undertow undertow = start(handler);
            try {
                type.getMethod("started", Undertow.class).invoke(server, undertow);
                act.on((DrainableServer) server, port(undertow));
            } finally {
                this.release.countDown();
                undertow.stop();
            }
            assertThat(log.warn())
                    .filteredOn((line) -> line.contains("This Undertow has no"))
                    .singleElement()
                    .asString()
                    .contains("." + member + "Gone: ");
        }
    }

    private void drain(DrainableServer server, int port, boolean closes) throws Exception {
        try (Socket idle = connect(port);
                Socket busy = connect(port)) {
            send(idle, get("/"));
            readResponse(idle);
            send(busy, get("/hold"));
            this.held.await();
            server.announce(1);
            server.emptyAcceptQueue(QUEUE, Duration.ofSeconds(40));
            server.closeListeners(Duration.ofSeconds(5));
            if (closes) {
                assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
            }
            server.closeIdle(AT_ONCE);
            server.closeIdle(AT_ONCE);
            server.connections();
            server.totals();
            this.release.countDown();
            assertThat(readResponse(busy)).endsWith("ok");
            server.abort((connection) -> false);
        }
    }

    private static Undertow start(HttpHandler handler) {
        Undertow undertow = Undertow.builder()
                .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
                .setHandler(handler)
                .build();
        undertow.start();
        return undertow;
    }

    private static int port(Undertow undertow) {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    private void respond(HttpServerExchange exchange) throws IOException, InterruptedException {
        if (exchange.getRequestPath().equals("/hold")) {
            this.held.countDown();
            if (!this.release.await(60, TimeUnit.SECONDS)) {
                throw new IOException("The test never let go");
            }
        }
        exchange.setResponseContentLength(2);
        exchange.getOutputStream().write("ok".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What is done with a server that lacks a member. */
    private interface Act {

        void on(DrainableServer server, int port) throws Exception;
    }
}

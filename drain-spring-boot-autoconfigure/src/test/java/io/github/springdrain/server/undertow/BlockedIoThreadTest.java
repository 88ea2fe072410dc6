// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.testing.RawHttp;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application that blocks Undertow's I/O threads makes the drain neither slow nor blind. */
@Timeout(120)
class BlockedIoThreadTest {

    private static final int ATTEMPTS = 10;

    private static final Duration ONE_SCAN = Duration.ofMillis(250);

    private static final Duration TWO_SCANS = Duration.ofMillis(480);

    private static final IdleLimits PATIENT =
            new IdleLimits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

    private final LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

    private final UndertowDrainableServer server =
            new UndertowDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, this.closer);

    private final CountDownLatch blocked = new CountDownLatch(1);

    private final CountDownLatch release = new CountDownLatch(1);

    private final Undertow undertow = start();

    private Undertow start() {
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        return Undertow.builder()
                .addHttpListener(0, host)
                .addHttpListener(0, host)
                .addHttpListener(0, host)
                .addHttpListener(0, host)
                .setIoThreads(1)
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
                .setHandler(this.server.inFrontOf(this::respond))
                .build();
    }

    private void respond(HttpServerExchange exchange) throws InterruptedException {
        if (exchange.getRequestPath().equals("/block")) {
            this.blocked.countDown();
            this.release.await(60, TimeUnit.SECONDS);
        }
        exchange.getResponseSender().send("ok");
    }

    @BeforeEach
    void begin() {
        this.undertow.start();
        this.server.started(this.undertow);
    }

    @AfterEach
    void stop() {
        this.release.countDown();
        this.undertow.stop();
        this.closer.close();
    }

    private int port(int listener) {
        return ((InetSocketAddress)
                        this.undertow.getListenerInfo().get(listener).getAddress())
                .getPort();
    }

    private Socket idle() throws IOException {
        Socket client = RawHttp.connect(port(0));
        send(client, get("/"));
        readResponse(client);
        return client;
    }

    private Socket block() throws IOException, InterruptedException {
        Socket client = RawHttp.connect(port(0));
        send(client, get("/block"));
        assertThat(this.blocked.await(20, TimeUnit.SECONDS)).isTrue();
        return client;
    }

    /** What an action takes at least, in several attempts until one is below {@code limit}: a busy machine may be late. */
    private static Duration least(Duration limit, Runnable action) {
        Duration least = time(action);
        for (int i = 1; i < ATTEMPTS && least.compareTo(limit) >= 0; i++) {
            Duration taken = time(action);
            least = (taken.compareTo(least) < 0) ? taken : least;
        }
        return least;
    }

    private static Duration time(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void theForcedEndReachesTheConnectionsOfABlockedThread() throws Exception {
        try (Socket idle = idle();
                Socket blocking = block()) {
            this.server.announce(1);
            this.server.abort((connection) -> false);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(blocking.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void theConnectionsOfABlockedThreadAreSeen() throws Exception {
        try (Socket idle = idle();
                Socket blocking = block()) {
            assertThat(this.server.connections())
                    .extracting(ConnectionSnapshot::state)
                    .containsExactlyInAnyOrder(ConnectionState.IDLE, ConnectionState.IN_SERVICE);
            this.server.announce(1);
            this.server.closeIdle(PATIENT);
            assertThat(this.server.connections())
                    .extracting(ConnectionSnapshot::state)
                    .containsExactlyInAnyOrder(ConnectionState.IDLE, ConnectionState.IN_SERVICE);
            assertThat(idle.isConnected() && blocking.isConnected()).isTrue();
        }
    }

    /** A scan waits a quarter of a second for a thread that does not come round. */
    @Test
    void whatTheServerHasDoneIsReadWithoutAScanWhileNoDrainRuns() throws Exception {
        try (Socket blocking = block()) {
            Duration least = least(ONE_SCAN, () -> {
                for (int i = 0; i < 20; i++) {
                    this.server.totals();
                }
            });
            assertThat(least).isLessThan(ONE_SCAN);
            assertThat(blocking.isConnected()).isTrue();
        }
    }

    @Test
    void theDrainScansOnceEachTimeItLooks() throws Exception {
        try (Socket blocking = block()) {
            this.server.announce(1);
            this.server.closeIdle(PATIENT);
            Duration least = least(TWO_SCANS, () -> {
                this.server.announce(1);
                this.server.closeIdle(PATIENT);
                this.server.connections();
                this.server.totals();
            });
            assertThat(least).isBetween(Duration.ofMillis(200), TWO_SCANS);
            assertThat(blocking.isConnected()).isTrue();
        }
    }

    @Test
    void listenersAreClosedSideBySide() throws Exception {
        try (Socket blocking = block()) {
            this.server.announce(1);
            assertThat(time(() -> this.server.closeListeners(Duration.ofSeconds(5))))
                    .isLessThan(Duration.ofMillis(2500));
            for (int i = 0; i < 4; i++) {
                int port = port(i);
                assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RawHttp.connect(port));
            }
            assertThat(blocking.isConnected()).isTrue();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.IdleLimits;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each step of a server, on the real container: what holds for all of them. */
@Timeout(120)
public abstract class DrainableServerScenarios {

    /** Without a grace for anybody. */
    protected static final IdleLimits AT_ONCE = new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static final IdleLimits PATIENT_WITH_NEW_ONES =
            new IdleLimits(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO);

    private final @Nullable String worker;

    /**
     * Creates the scenarios of one container.
     *
     * @param worker what the names of its serving threads contain; {@code null} where it is unknown
     */
    protected DrainableServerScenarios(@Nullable String worker) {
        this.worker = worker;
    }

    /** Starts a server with the container's own defaults. */
    protected abstract HoldingServer start() throws Exception;

    /** Starts a server that takes at most so many connections at a time. */
    protected abstract HoldingServer startWithConnections(int limit) throws Exception;

    @Test
    void distinguishesWhatConnectionsDo() throws Exception {
        try (HoldingServer container = start();
                Socket fresh = container.connect();
                Socket idle = container.connect();
                Socket half = container.connect();
                Socket busy = container.connect()) {
            send(idle, get("/"));
            readResponse(idle);
            send(half, "GET / HT");
            send(busy, get("/hold?secret=1"));
            container.awaitStates(
                    ConnectionState.NEW,
                    ConnectionState.IDLE,
                    ConnectionState.READING_HEAD,
                    ConnectionState.IN_SERVICE);
            assertThat(fresh.isConnected()).isTrue();
            assertThat(container.requests()).singleElement().satisfies((request) -> {
                assertThat(request.method()).isEqualTo("GET");
                assertThat(request.path()).isEqualTo("/hold");
                assertThat(request.age()).isPositive();
                if (this.worker == null) {
                    assertThat(request.thread()).isNull();
                } else {
                    assertThat(request.thread()).contains(this.worker);
                }
            });
        }
    }

    @Test
    void announcesOnTheResponseOfARequestThatBeganBefore() throws Exception {
        try (HoldingServer container = start();
                Socket busy = container.connect()) {
            send(busy, get("/hold"));
            container.awaitHeld();
            container.server().announce(1);
            container.release();
            assertThat(readAll(busy)).containsIgnoringCase("Connection: close").endsWith("ok");
        }
    }

    @Test
    void keepsConnectionsAgainAfterAResume() throws Exception {
        try (HoldingServer container = start();
                Socket client = container.connect()) {
            container.server().announce(1);
            container.server().resume();
            send(client, get("/"));
            assertThat(readResponse(client)).doesNotContainIgnoringCase("Connection: close");
            send(client, get("/"));
            assertThat(readResponse(client)).endsWith("ok");
        }
    }

    @Test
    void announcesToNobodyWhileTheShareIsZero() throws Exception {
        try (HoldingServer container = start();
                Socket client = container.connect()) {
            container.server().announce(0);
            send(client, get("/"));
            assertThat(readResponse(client)).doesNotContainIgnoringCase("Connection: close");
        }
    }

    @Test
    void notifiesAShareOfTheClientsThenAllThenNone() throws Exception {
        try (HoldingServer container = start()) {
            container.server().announce(0.5);
            // 200 responses all alike at this share: 1 in 10^60.
            assertThat(notified(container, 200)).isBetween(1, 199);
            container.server().announce(1);
            assertThat(notified(container, 20)).isEqualTo(20);
            container.server().resume();
            assertThat(notified(container, 20)).isZero();
        }
    }

    /** How many of so many clients, each with a connection of its own, are notified of the close. */
    protected static int notified(HoldingServer container, int clients) throws Exception {
        int notified = 0;
        for (int i = 0; i < clients; i++) {
            try (Socket client = container.connect()) {
                send(client, get("/"));
                notified += readResponse(client).toLowerCase(Locale.ROOT).contains("connection: close") ? 1 : 0;
            }
        }
        return notified;
    }

    @Test
    void closesIdleConnectionsByFin() throws Exception {
        try (HoldingServer container = start();
                Socket idle = container.connect()) {
            send(idle, get("/"));
            readResponse(idle);
            container.awaitStates(ConnectionState.IDLE);
            container.closeListeners();
            container.server().closeIdle(AT_ONCE);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            container.awaitStates();
        }
    }

    @Test
    void aNewConnectionMayStillSendItsFirstRequestWithinItsGrace() throws Exception {
        try (HoldingServer container = start();
                Socket fresh = container.connect()) {
            container.awaitStates(ConnectionState.NEW);
            container.closeListeners();
            container.server().closeIdle(PATIENT_WITH_NEW_ONES);
            send(fresh, get("/"));
            assertThat(readAll(fresh)).containsIgnoringCase("Connection: close").endsWith("ok");
        }
    }

    @Test
    void refusesNewClientsOnceTheListenerIsClosed() throws Exception {
        try (HoldingServer container = start()) {
            assertIsEmptiedAndClosed(container);
        }
    }

    /** Drains up to the closed listener, which is the only one. */
    protected static void assertIsEmptiedAndClosed(HoldingServer container) {
        int port = container.port();
        AcceptQueueOutcome outcome = container.closeListeners();
        assertThat(outcome.complete()).as("%s", outcome).isTrue();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        assertThat(container.server().listeners()).singleElement().satisfies((listener) -> {
            assertThat(listener.open()).isFalse();
            assertThat(listener.port()).isEqualTo(port);
        });
    }

    @Test
    void servesAndDrainsAgainAfterARestart() throws Exception {
        try (HoldingServer container = startWithConnections(5)) {
            container.closeListeners();
            container.restart();
            assertThat(notified(container, 1)).isZero();
            assertIsEmptiedAndClosed(container);
        }
    }

    @Test
    void abortsWhatIsLeft() throws Exception {
        try (HoldingServer container = start();
                Socket busy = container.connect()) {
            send(busy, get("/hold"));
            container.awaitHeld();
            container.closeListeners();
            container.server().abort((connection) -> false);
            assertThat(readAll(busy)).isEmpty();
            container.awaitStates();
        }
    }

    /** A connection that throws must not keep the others, or those that linger, beyond the deadline. */
    @Test
    void abortsTheOthersThoughOneOfThemFails() throws Exception {
        try (HoldingServer container = start();
                Socket first = container.connect();
                Socket second = container.connect();
                Socket third = container.connect();
                Socket lingering = container.connect()) {
            for (Socket idle : List.of(first, second, third)) {
                send(idle, get("/"));
                readResponse(idle);
            }
            container.awaitStates(
                    ConnectionState.NEW, ConnectionState.IDLE, ConnectionState.IDLE, ConnectionState.IDLE);
            send(
                    lingering,
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\nConnection: close\r\n\r\nx");
            readResponse(lingering);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> container.server().totals().lingering() == 1);
            AtomicBoolean failed = new AtomicBoolean();
            assertThatIllegalStateException()
                    .isThrownBy(() -> container.server().abort((connection) -> {
                        if (connection.state() == ConnectionState.IDLE && failed.compareAndSet(false, true)) {
                            throw new IllegalStateException("the first");
                        }
                        return false;
                    }))
                    .withMessage("the first");
            container.awaitStates(ConnectionState.IDLE);
            assertThat(container.server().totals().lingering()).isZero();
        }
    }

    @Test
    void sparesWhatItIsAskedTo() throws Exception {
        try (HoldingServer container = start();
                Socket busy = container.connect()) {
            send(busy, get("/hold"));
            container.awaitHeld();
            container.closeListeners();
            container.server().abort((connection) -> true);
            container.release();
            assertThat(readAll(busy)).endsWith("ok");
        }
    }

    @Test
    void countsWhatItAcceptsAndCompletesFromTheFirstReadingOn() throws Exception {
        try (HoldingServer container = start();
                Socket client = container.connect()) {
            long before = container.server().totals().requests();
            send(client, get("/"));
            readResponse(client);
            send(client, get("/"));
            readResponse(client);
            assertThat(container.server().totals().accepted()).isEqualTo(1);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> container.server().totals().requests() == before + 2);
        }
    }
}

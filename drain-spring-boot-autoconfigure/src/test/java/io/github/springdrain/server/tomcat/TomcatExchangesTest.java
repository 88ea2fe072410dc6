// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readHead;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerLimits;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single exchanges with Tomcat, byte for byte: as Tomcat alone has them, and while the close is advertised. */
@Timeout(120)
class TomcatExchangesTest {

    /** How often an exchange is repeated that depends on when Tomcat's poller looks. */
    private static final int ROUNDS = 20;

    private static final int MOST_ROUNDS = 200;

    /** Of the tenth of a second that a worker waits for a body. */
    private static final Duration RIGHT_AFTER = Duration.ofMillis(40);

    /** The class name of the protocol handler. */
    String protocol() {
        return EmbeddedTomcat.DRAIN;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
                "POST /file HTTP/1.0\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
                "POST /file HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"
            })
    void aFileIsSentWholeThoughTheBodyOfItsRequestIsNotRead(String request) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            send(client, request);
            assertThat(bodyLength(readAll(client))).isEqualTo(EmbeddedTomcat.FILE_BYTES);
        }
    }

    @Test
    void aFileIsSentWholeOnAKeptConnectionWhoseBodyComesLate() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            send(client, "POST /file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n");
            await().pollDelay(EmbeddedTomcat.WORK.multipliedBy(2)).until(() -> true);
            send(client, "hello" + "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String responses = readAll(client);
            assertThat(responses).endsWith("ok");
            assertThat(responses.length()).isGreaterThan(EmbeddedTomcat.FILE_BYTES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "16777216"})
    void aSlowBodyIsReadToItsEndWhereTheApplicationHasRaisedTheLimit(String limit) throws Exception {
        try (EmbeddedTomcat tomcat = startWithSwallowLimit(limit);
                Socket client = tomcat.connect()) {
            sendSlowly(client, "/");
            assertThat(readResponse(client)).contains(" 200 ").doesNotContain("Connection: close");
            send(client, get("/"));
            assertThat(readResponse(client)).endsWith("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "16777216"})
    void aSlowBodyIsRefusedAtItsEndWhereTheApplicationHasRaisedTheLimit(String limit) throws Exception {
        try (EmbeddedTomcat tomcat = startWithSwallowLimit(limit);
                Socket client = tomcat.connect()) {
            sendSlowly(client, "/reject");
            assertThat(readAll(client)).contains(" 413 ").endsWith("ok");
        }
    }

    /** With limits of the lingering close that do not suffice for the body. */
    private EmbeddedTomcat startWithSwallowLimit(String limit) throws Exception {
        LingerLimits limits = new LingerLimits(Duration.ofSeconds(5), Duration.ofMillis(200), 1 << 20, 10);
        return new EmbeddedTomcat(
                protocol(),
                ListenerGate.Mode.AUTO,
                limits,
                (connector) -> connector.setProperty("maxSwallowSize", limit));
    }

    /** Writes more than Tomcat reads by default, for longer than the library lets a worker read. */
    private static void sendSlowly(Socket client, String path) throws IOException {
        int parts = 12;
        byte[] part = new byte[1 << 18];
        send(
                client,
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + parts * part.length + "\r\n\r\n");
        for (int i = 0; i < parts; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            client.getOutputStream().write(part);
        }
    }

    private static int bodyLength(String response) {
        return response.length() - response.indexOf("\r\n\r\n") - 4;
    }

    @Test
    void aPromisedConnectionIsKeptWhereTheApplicationWorkedLongAndTheBodyComesRightAfter() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol())) {
            List<Boolean> kept = new ArrayList<>();
            for (int i = 0; kept.size() < ROUNDS && i < MOST_ROUNDS; i++) {
                keptOfSlow(tomcat).ifPresent(kept::add);
            }
            assertThat(kept).isNotEmpty().containsOnly(true);
        }
    }

    /** Empty where a busy machine has made the body later than a worker is sure to wait for it. */
    private static Optional<Boolean> keptOfSlow(EmbeddedTomcat tomcat) throws Exception {
        try (Socket client = tomcat.connect()) {
            long start = System.nanoTime();
            send(client, "POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n");
            assertThat(readResponse(client)).doesNotContain("Connection: close");
            boolean kept = false;
            boolean right;
            try {
                send(client, "hello" + get("/"));
                right = isRightAfterWork(start);
                kept = readResponse(client).endsWith("ok");
            } catch (IOException ex) {
                right = isRightAfterWork(start);
            }
            return right ? Optional.of(kept) : Optional.empty();
        }
    }

    /** The response cannot have come earlier than the work was done. */
    private static boolean isRightAfterWork(long start) {
        return System.nanoTime() - start < EmbeddedTomcat.WORK.plus(RIGHT_AFTER).toNanos();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/async"})
    void aResponseToARequestWhoseBodyIsNotReadCountsAsASuccess(String path) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol())) {
            try (Socket client = tomcat.connect()) {
                send(
                        client,
                        "POST " + path
                                + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
                assertThat(readAll(client)).endsWith("ok");
            }
            try (Socket late = tomcat.connect()) {
                send(late, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n");
                assertThat(readAll(late)).endsWith("ok");
            }
            await().atMost(10, TimeUnit.SECONDS).until(() -> tomcat.completed() == 2);
            assertThat(tomcat.errors()).isZero();
        }
    }

    @Test
    void anUpgradeIsMadeWithoutACloseWhileTheCloseIsAdvertised() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol())) {
            tomcat.server().announce(1);
            assertThat(upgradeHead(tomcat)).contains("Connection: upgrade").doesNotContain("close");
            tomcat.server().announce(0.5);
            assertThat(upgradeHead(tomcat)).contains("Connection: upgrade").doesNotContain("close");
        }
    }

    @Test
    void anUpgradeIsMadeWithoutACloseOnceTheListenerIsClosed() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            tomcat.closeListeners();
            assertThat(upgradeHead(client)).contains("Connection: upgrade").doesNotContain("close");
        }
    }

    @Test
    void aResponseWithoutTheRequestedUpgradeAdvertisesTheClose() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            tomcat.server().announce(1);
            send(client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n");
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void anUpgradeToHttp2IsMadeWithoutACloseWhileTheCloseIsAdvertised() throws Exception {
        try (EmbeddedTomcat tomcat = EmbeddedTomcat.withHttp2(protocol(), true);
                Socket client = tomcat.connect()) {
            tomcat.server().announce(1);
            send(
                    client,
                    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n");
            assertThat(readHead(client))
                    .contains(" 101 ", "Connection: Upgrade")
                    .doesNotContain("close");
        }
    }

    private static String upgradeHead(EmbeddedTomcat tomcat) throws IOException {
        try (Socket client = tomcat.connect()) {
            return upgradeHead(client);
        }
    }

    private static String upgradeHead(Socket client) throws IOException {
        send(
                client,
                "GET /upgrade HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: test\r\n\r\n");
        return readHead(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nothing", "/file"})
    void everyKindOfResponseAdvertisesTheClose(String path) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            tomcat.server().announce(1);
            send(client, get(path));
            assertThat(readAll(client)).contains("Connection: close");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pipelinedRequestsAreAllServedWhileTheCloseIsAdvertised(boolean listenerClosed) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            advertiseClose(tomcat, listenerClosed);
            send(client, get("/") + get("/nothing") + get("/") + get("/async") + get("/"));
            assertAllAreServed(client, 5);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pipelinedRequestsWithBodiesAreAllServedWhileTheCloseIsAdvertised(boolean listenerClosed) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            advertiseClose(tomcat, listenerClosed);
            String body = " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
            String chunks = " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
            send(client, "POST /" + body + "POST /read" + body + "POST /" + chunks + "POST /read" + chunks + get("/"));
            assertAllAreServed(client, 5);
        }
    }

    @Test
    void theResponseToAClientThatPipelinesBehindItsOwnCloseArrivesWhole() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            tomcat.server().announce(1);
            send(client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" + get("/"));
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
    }

    private static void advertiseClose(EmbeddedTomcat tomcat, boolean listenerClosed) {
        if (listenerClosed) {
            tomcat.closeListeners();
        } else {
            tomcat.server().announce(1);
        }
    }

    /** Only the last response advertises the close. */
    private static void assertAllAreServed(Socket client, int count) throws IOException {
        String responses = readAll(client);
        assertThat(responses.split("HTTP/1.1 20", -1)).as(responses).hasSize(count + 1);
        assertThat(responses.indexOf("Connection: close")).isEqualTo(responses.lastIndexOf("Connection: close"));
        assertThat(responses.indexOf("Connection: close")).isGreaterThan(responses.lastIndexOf("HTTP/1.1 20"));
    }
}

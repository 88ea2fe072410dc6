// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.testing.DrainableServerScenarios;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each step on Tomcat, on a connector that the starter has created. */
class TomcatDrainableServerTest extends DrainableServerScenarios {

    TomcatDrainableServerTest() {
        super("exec");
    }

    /** The class name of the protocol handler. */
    String protocol() {
        return EmbeddedTomcat.DRAIN;
    }

    @Override
    protected EmbeddedTomcat start() throws Exception {
        return new EmbeddedTomcat(protocol());
    }

    @Override
    protected EmbeddedTomcat startWithConnections(int limit) throws Exception {
        return new EmbeddedTomcat(
                protocol(),
                ListenerGate.Mode.AUTO,
                (connector) -> connector.setProperty("maxConnections", String.valueOf(limit)));
    }

    @Test
    void closesAListenerThatIsBoundOnInit() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(
                protocol(), ListenerGate.Mode.AUTO, (connector) -> connector.setProperty("bindOnInit", "true"))) {
            int port = tomcat.port();
            tomcat.closeListeners();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        }
    }

    @Test
    void lingersWithoutAPoolOfChannelsToo() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(
                        protocol(),
                        ListenerGate.Mode.AUTO,
                        (connector) -> connector.setProperty("socket.bufferPool", "0"));
                Socket client = tomcat.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\nConnection: close\r\n\r\nx");
            assertThat(readAll(client)).endsWith("ok");
            assertThat(tomcat.closer().awaited()).isEqualTo(1);
            client.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> tomcat.closer().active() == 0);
        }
    }

    @Test
    void aConnectionWhoseBodyArrivesSoonIsKept() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket client = tomcat.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab");
            readResponse(client);
            send(client, "cd" + get("/"));
            assertThat(readResponse(client)).endsWith("ok");
        }
    }

    @Test
    void anIdleConnectionIsIdleToEachOfTwoScansAtOnce() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket idle = tomcat.connect()) {
            send(idle, get("/"));
            readResponse(idle);
            tomcat.awaitStates(ConnectionState.IDLE);
            CompletableFuture<Set<ConnectionState>> other = CompletableFuture.supplyAsync(() -> seenIn(tomcat, 20_000));
            assertThat(seenIn(tomcat, 20_000)).containsExactly(ConnectionState.IDLE);
            assertThat(other.get(60, TimeUnit.SECONDS)).containsExactly(ConnectionState.IDLE);
        }
    }

    private static Set<ConnectionState> seenIn(EmbeddedTomcat tomcat, int scans) {
        Set<ConnectionState> seen = EnumSet.noneOf(ConnectionState.class);
        for (int i = 0; i < scans; i++) {
            seen.addAll(tomcat.states());
        }
        return seen;
    }

    @Test
    void interruptsTheWorkerOfWhatItAborts() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket busy = tomcat.connect()) {
            send(busy, get("/hold"));
            tomcat.awaitHeld();
            tomcat.closeListeners();
            tomcat.server().abort((connection) -> false);
            tomcat.awaitInterrupted();
        }
    }

    /** Tomcat would wait for it for two seconds, as long as for a request that is still being served. */
    @Test
    void theStopOfTheApplicationDoesNotWaitForAnAsynchronousRequestThatWasAborted() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol());
                Socket suspended = tomcat.connect()) {
            send(suspended, get("/suspended"));
            await().until(() -> tomcat.server().connections().stream().anyMatch(ConnectionSnapshot::isSuspended));
            assertThat(tomcat.inProgressAsync()).isOne();
            tomcat.closeListeners();
            tomcat.server().abort((connection) -> true);
            assertThat(tomcat.inProgressAsync()).isOne();
            tomcat.server().abort((connection) -> false);
            assertThat(tomcat.inProgressAsync()).isZero();
            tomcat.server().abort((connection) -> false);
            assertThat(tomcat.inProgressAsync()).isZero();
        }
    }

    @Test
    void namesRequestsOnHttp2Streams() throws Exception {
        try (EmbeddedTomcat tomcat = EmbeddedTomcat.withHttp2(protocol(), true)) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            assertThat(client.send(http2(tomcat, "/"), HttpResponse.BodyHandlers.ofString())
                            .version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            CompletableFuture<HttpResponse<String>> held =
                    client.sendAsync(http2(tomcat, "/hold?secret=1"), HttpResponse.BodyHandlers.ofString());
            tomcat.awaitHeld();
            assertThat(tomcat.server().connections()).singleElement().satisfies((connection) -> {
                assertThat(connection.protocol()).isEqualTo("HTTP/2");
                assertThat(connection.requests()).singleElement().satisfies((request) -> {
                    assertThat(request.method()).isEqualTo("GET");
                    assertThat(request.path()).isEqualTo("/hold");
                    assertThat(request.age()).isPositive();
                    assertThat(request.thread()).contains("-exec-");
                });
            });
            tomcat.release();
            assertThat(held.get(30, TimeUnit.SECONDS).body()).isEqualTo("ok");
        }
    }

    private static HttpRequest http2(EmbeddedTomcat tomcat, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + tomcat.port() + path))
                .build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionSnapshot;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is different where servlets respond. */
@Timeout(120)
class UndertowServletsTest {

    @Test
    void namesTheThreadThatServesARequest() throws Exception {
        try (EmbeddedServlets undertow = new EmbeddedServlets();
                Socket busy = undertow.connect()) {
            send(busy, get("/hold"));
            undertow.awaitHeld();
            assertThat(undertow.requests()).singleElement().satisfies((request) -> {
                assertThat(request.thread()).isEqualTo("serving");
                assertThat(request.path()).isEqualTo("/hold");
            });
        }
    }

    @Test
    void theForcedEndInterruptsTheThreadThatServesARequest() throws Exception {
        try (EmbeddedServlets undertow = new EmbeddedServlets();
                Socket busy = undertow.connect()) {
            send(busy, get("/hold"));
            undertow.awaitHeld();
            undertow.server().abort((connection) -> false);
            undertow.awaitInterrupted();
        }
    }

    /** Undertow drains such a body on a worker for as long as anything comes. */
    @Test
    void anUnreadBodyThatTricklesAfterAnAsynchronousResponseHoldsNoThread() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (EmbeddedServlets undertow = new EmbeddedServlets();
                Socket client = undertow.connect()) {
            send(client, "POST /async HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
            CompletableFuture<Void> trickle = CompletableFuture.runAsync(() -> trickle(client, over));
            assertThat(readAll(client)).endsWith("ok");
            over.set(true);
            trickle.join();
            assertThat(undertow.closer().outcomes().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                            + undertow.closer().active())
                    .isEqualTo(1);
        }
    }

    private static void trickle(Socket client, AtomicBoolean over) {
        try {
            while (!over.get()) {
                send(client, "x");
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (IOException | InterruptedException ex) {
            // Over.
        }
    }

    @Test
    void aConnectionWhoseBodyArrivesSoonAfterAnAsynchronousResponseIsKept() throws Exception {
        try (EmbeddedServlets undertow = new EmbeddedServlets();
                Socket client = undertow.connect()) {
            send(client, "POST /async HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd");
            readResponse(client);
            send(client, get("/"));
            assertThat(readResponse(client)).endsWith("ok");
        }
    }

    @Test
    void namesRequestsOnHttp2StreamsAndInterruptsTheirThreads() throws Exception {
        try (EmbeddedServlets undertow = new EmbeddedServlets()) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            assertThat(client.send(request(undertow, "/"), HttpResponse.BodyHandlers.ofString())
                            .version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            CompletableFuture<HttpResponse<String>> held =
                    client.sendAsync(request(undertow, "/hold"), HttpResponse.BodyHandlers.ofString());
            undertow.awaitHeld();
            List<ConnectionSnapshot> connections = undertow.server().connections();
            assertThat(connections).singleElement().satisfies((connection) -> {
                assertThat(connection.protocol()).isEqualTo("HTTP/2");
                assertThat(connection.requests()).singleElement().satisfies((request) -> {
                    assertThat(request.method()).isEqualTo("GET");
                    assertThat(request.path()).isEqualTo("/hold");
                    assertThat(request.thread()).isEqualTo("serving");
                });
            });
            undertow.server().abort((connection) -> false);
            undertow.awaitInterrupted();
            assertThat(held).failsWithin(java.time.Duration.ofSeconds(30));
        }
    }

    private static HttpRequest request(EmbeddedServlets undertow, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + undertow.port() + path))
                .build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Exchanges that a close must not break while it is advertised: requests that were read together, and upgrades. Each is
 * seen to work on the same server before the drain.
 */
abstract class AnnouncedExchangesContract {

    private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final String LAST_HELLO = "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static final String UPLOAD =
            "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 5\r\n\r\nxxxxx";

    private static final String HANDSHAKE = String.join(
            "\r\n",
            "GET /ws HTTP/1.1",
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "",
            "");

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Target target;

    AnnouncedExchangesContract(Target target) {
        this.target = target;
    }

    @Test
    void requestsThatWereReadTogetherAllGetTheirResponses() throws IOException {
        try (SampleProcess server = sample();
                RawConnection pipelinedBefore = server.client().connect()) {
            assertServed(pipelinedBefore, HELLO, HELLO, "COMPLETE 200, 5 bytes");
            announce(server);
            assertThat(pipelinedBefore.write(HELLO).read().summary())
                    .isEqualTo("COMPLETE 200, 5 bytes, EOF, Connection: close");
            assertServedAndClosed(server, HELLO, HELLO);
            assertServedAndClosed(server, UPLOAD, UPLOAD);
            assertServedAndClosed(server, HELLO, LAST_HELLO);
            try (RawConnection connection = server.client().connect()) {
                assertThat(connection.write(LAST_HELLO + HELLO).read().summary())
                        .startsWith("COMPLETE 200, 5 bytes")
                        .endsWith("Connection: close");
            }
        }
    }

    @Test
    void webSocketHandshakesSucceed() throws IOException {
        try (SampleProcess server = sample()) {
            assertEchoes(server);
            announce(server);
            assertEchoes(server);
            try (RawConnection connection = server.client().connect()) {
                RawResponse switched = connection.write(HANDSHAKE).readResponse();
                assertThat(switched.status()).isEqualTo(101);
                assertThat(switched.isConnectionClose()).isFalse();
            }
        }
    }

    private SampleProcess sample() {
        return this.target
                .sample()
                .with("--server.drain.announce.delay=60s", "--server.drain.timeout=120s")
                .start();
    }

    private static void announce(SampleProcess server) {
        assertThat(server.client().post("/actuator/drain").status()).isEqualTo(200);
        server.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
    }

    private static void assertServed(RawConnection connection, String first, String second, String summary) {
        connection.write(first + second);
        assertThat(connection.readResponse().summary()).startsWith(summary);
        assertThat(connection.readResponse().summary()).startsWith(summary);
    }

    private static void assertServedAndClosed(SampleProcess server, String first, String second) throws IOException {
        try (RawConnection connection = server.client().connect()) {
            connection.write(first + second);
            assertThat(connection.readResponse().status()).as(first).isEqualTo(200);
            assertThat(connection.read().summary())
                    .as(second)
                    .startsWith("COMPLETE 200")
                    .endsWith("EOF, Connection: close");
        }
    }

    private static void assertEchoes(SampleProcess server) throws IOException {
        try (WebSocketPeer peer = WebSocketPeer.open(server.client(), "/ws")) {
            WebSocketFrame echo = peer.text("hello").read(LIMIT);
            assertThat(Objects.requireNonNull(echo, "no echo").payload()).isEqualTo("hello");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.testing.RawHttp2;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 on Tomcat, frame by frame, with both of Tomcat's ways to read and write. */
@Timeout(120)
class TomcatHttp2Test {

    private static final IdleLimits AT_ONCE = new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** The class name of the protocol handler. */
    String protocol() {
        return EmbeddedTomcat.DRAIN;
    }

    private EmbeddedTomcat start(boolean asyncIo) throws Exception {
        return EmbeddedTomcat.withHttp2(protocol(), asyncIo);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void finishesItsStreamsThenEndsTheConnection(boolean asyncIo) throws Exception {
        try (EmbeddedTomcat tomcat = start(asyncIo);
                Socket socket = tomcat.connect()) {
            RawHttp2 client = RawHttp2.inUse(socket);
            client.get(3, "/hold");
            tomcat.awaitHeld();
            tomcat.awaitStates(ConnectionState.IN_SERVICE);
            tomcat.server().announce(1);
            assertThat(client.awaitLastStreams(1)).containsExactly(Integer.MAX_VALUE);
            client.get(5);
            client.awaitResponse(5);
            tomcat.closeListeners();
            tomcat.server().closeIdle(AT_ONCE);
            assertThat(tomcat.states()).containsExactly(ConnectionState.IN_SERVICE);
            tomcat.release();
            client.awaitResponse(3);
            client.acknowledgePings();
            await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
                tomcat.server().closeIdle(AT_ONCE);
                assertThat(tomcat.states()).isEmpty();
            });
            assertThat(client.awaitLastStreams(2)).last().isEqualTo(5);
            assertEnds(client);
        }
    }

    private static void assertEnds(RawHttp2 client) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
            while (true) {
                client.read();
            }
        });
    }

    /** Tomcat itself sends GOAWAY when a listener is closed, and refuses the client's first request soon after. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotNotifyANewConnectionBecauseListenersAreClosed(boolean asyncIo) throws Exception {
        try (EmbeddedTomcat tomcat = start(asyncIo);
                Socket socket = tomcat.connect()) {
            RawHttp2 client = RawHttp2.unused(socket);
            tomcat.awaitStates(ConnectionState.IDLE);
            tomcat.server().closeListeners(Duration.ofSeconds(5));
            client.awaitAcknowledgement();
            assertThat(client.lastStreams()).isZero();
            client.get(1);
            client.awaitResponse(1);
        }
    }

    @Test
    void namesTheRequestsOfBlockingStreamsToo() throws Exception {
        try (EmbeddedTomcat tomcat = start(false);
                Socket socket = tomcat.connect()) {
            RawHttp2 client = RawHttp2.inUse(socket);
            client.get(3, "/hold");
            tomcat.awaitHeld();
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(tomcat.requests())
                            .singleElement()
                            .satisfies((request) -> assertThat(request.path()).isEqualTo("/hold")));
            assertThat(tomcat.server().connections())
                    .singleElement()
                    .satisfies((connection) -> assertThat(connection.protocol()).isEqualTo("HTTP/2"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesStreamsAfterAPauseThatTheApplicationAskedFor(boolean asyncIo) throws Exception {
        try (EmbeddedTomcat tomcat = start(asyncIo);
                Socket socket = tomcat.connect()) {
            RawHttp2 client = RawHttp2.inUse(socket);
            // Tomcat's own pause passes over a connection that a thread is at.
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(tomcat.server().connections())
                            .extracting(ConnectionSnapshot::state)
                            .containsExactly(ConnectionState.IDLE));
            tomcat.connector().pause();
            assertThat(client.awaitLastStreams(1)).containsExactly(Integer.MAX_VALUE);
            int stream = 3;
            while (client.lastStreams() < 2) {
                client.get(stream);
                while (client.lastStreams() < 2 && !client.hasResponse(stream)) {
                    client.acknowledgePings();
                    client.read();
                }
                stream += 2;
            }
            assertThat(client.errorCode()).isZero();
            assertThat(client.awaitLastStreams(2)).last().isNotEqualTo(Integer.MAX_VALUE);
        }
    }
}

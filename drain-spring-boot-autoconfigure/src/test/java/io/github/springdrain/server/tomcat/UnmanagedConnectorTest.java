// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readHead;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.testing.LogLines;
import java.net.ConnectException;
import java.net.Socket;
import org.apache.coyote.http11.Http11NioProtocol;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A protocol handler of the application's choice gets what plain Spring Boot gives it. */
@Timeout(120)
class UnmanagedConnectorTest {

    private static final String OWN = "io.github.springdrain.server.tomcat.UnmanagedConnectorTest$OwnProtocol";

    @ParameterizedTest
    @ValueSource(strings = {EmbeddedTomcat.NIO2, OWN})
    void isPausedAndClosedAndItsActiveRequestsAreWaitedFor(String protocol) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol);
                Socket busy = tomcat.connect()) {
            int port = tomcat.port();
            send(busy, get("/hold"));
            tomcat.awaitHeld();
            assertThat(tomcat.states()).containsExactly(ConnectionState.IN_SERVICE);
            AcceptQueueOutcome outcome = tomcat.closeListeners();
            assertThat(outcome.complete()).as("%s", outcome).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
            assertThat(tomcat.states()).containsExactly(ConnectionState.IN_SERVICE);
            tomcat.release();
            assertThat(readAll(busy)).endsWith("ok");
            tomcat.awaitStates();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EmbeddedTomcat.NIO2, OWN})
    void servesAsBeforeUntilItIsClosed(String protocol) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol);
                Socket client = tomcat.connect();
                Socket other = tomcat.connect()) {
            tomcat.server().announce(1);
            send(client, get("/"));
            assertThat(readResponse(client)).doesNotContainIgnoringCase("Connection: close");
            send(client, get("/"));
            assertThat(readResponse(client)).endsWith("ok");
            send(other, "GET /upgrade HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n");
            assertThat(readHead(other)).contains("Connection: upgrade");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EmbeddedTomcat.NIO2, OWN})
    void servesAgainAfterARestart(String protocol) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(
                protocol, ListenerGate.Mode.AUTO, (connector) -> connector.setProperty("maxConnections", "5"))) {
            tomcat.closeListeners();
            tomcat.restart();
            assertThat(tomcat.connector().getProperty("maxConnections")).hasToString("5");
            try (Socket client = tomcat.connect()) {
                send(client, get("/"));
                assertThat(readResponse(client)).endsWith("ok");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EmbeddedTomcat.NIO2, OWN})
    void isNamedInOneLogLineAndInTheStatus(String protocol) throws Exception {
        try (LogLines log = new LogLines(Connectors.class);
                EmbeddedTomcat tomcat = new EmbeddedTomcat(protocol)) {
            tomcat.closeListeners();
            assertThat(log.warn())
                    .singleElement()
                    .asString()
                    .contains("is unmanaged (its protocol handler is " + protocol);
            assertThat(tomcat.server().listeners())
                    .singleElement()
                    .satisfies((listener) -> assertThat(listener.level()).isEqualTo("UNMANAGED"));
        }
    }

    /** A subclass may have changed anything. */
    public static final class OwnProtocol extends Http11NioProtocol {}
}

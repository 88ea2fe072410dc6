// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.testing.LogLines;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A version of Jetty that has lost one of the members read from it costs what the log says, and nothing else. */
@Timeout(60)
class MissingMemberTest {

    @ParameterizedTest
    @CsvSource({
        "_manager, 0, connectors without acceptors are shut down as Spring Boot does it",
        "_manager, 1, connectors without acceptors are shut down as Spring Boot does it",
        "_requestBuffer, 1, gets no response during a drain",
        "_handling, 1, is not in the report",
        "_handled, 1, hold that up",
        "_lock, 1, are not interrupted at the deadline",
        "coreSession, 1, read as those of idle ones"
    })
    void isLoggedAndTheDrainGoesOnWithoutIt(String member, int acceptors, String consequence) throws Exception {
        try (LogLines log = new LogLines(Internals.class);
                EmbeddedJetty jetty = new EmbeddedJetty(
                        (server) -> new ServerConnector(server, acceptors, 1),
                        (connector) -> {},
                        (server, closer) -> JettyAdoption.withoutMember(member, server, closer));
                Socket idle = jetty.connect();
                Socket busy = jetty.connect()) {
            assertThat(log.warn())
                    .filteredOn((line) -> line.contains("This Jetty has no"))
                    .singleElement()
                    .asString()
                    .contains("." + member + "Gone: ", consequence);
            int port = jetty.port();
            send(idle, get("/"));
            readResponse(idle);
            send(busy, get("/hold"));
            jetty.awaitHeld();
            assertThat(jetty.closeListeners().complete()).isTrue();
            if (acceptors > 0) {
                // Plain Jetty's selectors go on accepting until they stop.
                assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
            }
            jetty.server().closeIdle(new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO));
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(jetty.states()).hasSize(1));
            jetty.release();
            assertThat(readResponse(busy)).contains("Connection: close").endsWith("ok");
            jetty.server().abort((connection) -> false);
        }
    }

    @Test
    void isMissingNowhereInTheVersionUnderTest() throws Exception {
        try (LogLines log = new LogLines(Internals.class);
                EmbeddedJetty jetty = new EmbeddedJetty(
                        ServerConnector::new,
                        (connector) -> {},
                        (server, closer) -> JettyAdoption.withoutMember("none", server, closer))) {
            assertThat(jetty.port()).isPositive();
            assertThat(log.warn()).isEmpty();
        }
    }
}

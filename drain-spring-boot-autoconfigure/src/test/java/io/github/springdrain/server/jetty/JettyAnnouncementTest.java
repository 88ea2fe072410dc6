// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readHead;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.linger.LingeringCloser;
import java.net.Socket;
import java.util.function.BiFunction;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Jetty's clients are notified of while it still serves everything. */
@Timeout(60)
class JettyAnnouncementTest {

    private static final String UPGRADE =
            "GET /upgrade HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: silence\r\n\r\n";

    private static final String UPGRADE_TO_HTTP2 = """
            GET / HTTP/1.1\r
            Host: localhost\r
            Connection: Upgrade, HTTP2-Settings\r
            Upgrade: h2c\r
            HTTP2-Settings: AAMAAABkAAQAAP__\r
            \r
            """;

    private static EmbeddedJetty start(BiFunction<Server, LingeringCloser, DrainableServer> adoption) throws Exception {
        return new EmbeddedJetty(ServerConnector::new, (connector) -> {}, adoption);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.999_999, 1})
    void switchesProtocolsWithoutAdvertisingTheClose(double share) throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            jetty.server().announce(share);
            send(client, UPGRADE);
            assertThat(readHead(client))
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("Connection: upgrade\r\n")
                    .doesNotContainIgnoringCase("close");
        }
    }

    @Test
    void switchesToHttp2WithoutAdvertisingTheClose() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty((connector) -> {
                    HttpConnectionFactory http1 = connector.getConnectionFactory(HttpConnectionFactory.class);
                    connector.addConnectionFactory(new HTTP2CServerConnectionFactory(http1.getHttpConfiguration()));
                });
                Socket client = jetty.connect()) {
            jetty.server().announce(1);
            send(client, UPGRADE_TO_HTTP2);
            assertThat(readHead(client))
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("Connection: upgrade\r\n")
                    .doesNotContainIgnoringCase("close");
        }
    }

    @Test
    void advertisesTheCloseWhereAnUpgradeIsRefused() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            jetty.server().announce(1);
            send(client, UPGRADE.replace("/upgrade", "/"));
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void advertisesTheCloseBehindAnInterimResponse() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            jetty.server().announce(1);
            send(client, "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(readHead(client)).startsWith("HTTP/1.1 100");
            send(client, "hi");
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, ''",
        "/read, Content-Length: 5|hello",
        "/read, Transfer-Encoding: chunked|5~hello~0~~",
        "/, Content-Length: 5|hello"
    })
    void respondsToEveryRequestThatWasReadWithTheFirst(String path, String body) throws Exception {
        String first = request(path, body);
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            jetty.server().announce(1);
            send(client, first + first + get("/"));
            assertThat(readResponse(client)).doesNotContain("Connection: close");
            assertThat(readResponse(client)).doesNotContain("Connection: close");
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void respondsToEveryRequestThatWasReadWithTheFirstOverTls() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(Tls::addTo);
                Socket client = Tls.connect(jetty.port())) {
            jetty.server().announce(1);
            send(client, get("/") + get("/"));
            assertThat(readResponse(client)).doesNotContain("Connection: close");
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
    }

    private static String request(String path, String body) {
        int end = body.indexOf('|');
        String fields = (end < 0) ? body : body.substring(0, end);
        String content = (end < 0) ? "" : body.substring(end + 1).replace("~", "\r\n");
        String method = content.isEmpty() ? "GET " : "POST ";
        return method + path + " HTTP/1.1\r\nHost: localhost\r\n" + (fields.isEmpty() ? "" : fields + "\r\n") + "\r\n"
                + content;
    }

    @Test
    void advertisesTheCloseInTheEndToAClientThatAlwaysSendsInAdvance() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            jetty.server().announce(1);
            send(client, get("/").repeat(10_000));
            assertThat(readAll(client)).containsOnlyOnce("Connection: close").endsWith("ok");
        }
    }

    @Test
    void respondsToEveryRequestThatWasReadWithOneThatWasInServiceBefore() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            send(client, get("/hold") + get("/"));
            jetty.awaitHeld();
            jetty.server().announce(1);
            jetty.server().announce(1);
            jetty.release();
            assertThat(readResponse(client)).doesNotContain("Connection: close");
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void sendsTheWholeResponseToAClientThatWantedTheCloseAndGoesOn() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            jetty.server().announce(1);
            send(client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" + get("/").repeat(5000));
            assertThat(readAll(client))
                    .contains("Connection: close")
                    .endsWith("ok")
                    .doesNotContain("okHTTP");
        }
    }

    @Test
    void advertisesTheCloseWithoutSeeingIntoConnections() throws Exception {
        try (EmbeddedJetty jetty = start(JettyAdoption::withoutInternals);
                Socket client = jetty.connect()) {
            jetty.server().announce(1);
            send(client, get("/"));
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
    }
}

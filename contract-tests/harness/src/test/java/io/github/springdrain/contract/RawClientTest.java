// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ScriptedServer.Last;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** The client distinguishes every way an exchange can end; whatever else is tested rests on it. */
final class RawClientTest {

    private static final String FIVE_BYTES = "HTTP/1.1 200 \r\nContent-Length: 5\r\n";

    @Test
    void readsAResponseByItsLength() throws IOException {
        RawResponse response = get(FIVE_BYTES + "\r\nhello", Last.STAY);
        assertThat(response.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.ending()).isEqualTo(ConnectionEnd.OPEN);
        assertThat(response.isConnectionClose()).isFalse();
    }

    @Test
    void readsAResponseByItsChunks() throws IOException {
        RawResponse response = get(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
                Last.STAY);
        assertThat(response.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(response.text()).isEqualTo("hello!");
        assertThat(response.bodyLength()).isEqualTo(6);
    }

    @Test
    void readsAResponseByTheEndOfTheConnection() throws IOException {
        RawResponse response = get("HTTP/1.1 200 OK\r\n\r\nhello", Last.CLOSE);
        assertThat(response.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.ending()).isEqualTo(ConnectionEnd.EOF);
    }

    @Test
    void skipsInterimResponses() throws IOException {
        RawResponse response = get("HTTP/1.1 100 Continue\r\n\r\n" + FIVE_BYTES + "\r\nhello", Last.STAY);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("hello");
    }

    @Test
    void looksHowAConnectionEndsThatIsToBeClosed() throws IOException {
        assertThat(get(FIVE_BYTES + "connection: Close\r\n\r\nhello", Last.CLOSE)
                        .ending())
                .isEqualTo(ConnectionEnd.EOF);
        RawResponse reset = get(FIVE_BYTES + "Connection: close\r\n\r\nhello", Last.RESET);
        assertThat(reset.isConnectionClose()).isTrue();
        assertThat(reset.ending()).isEqualTo(ConnectionEnd.RESET);
    }

    @Test
    void distinguishesAnUnavailableServerFromAWholeResponse() throws IOException {
        assertThat(get("HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n", Last.STAY).outcome())
                .isEqualTo(Outcome.UNAVAILABLE_503);
    }

    @Test
    void recognizesAClosedPort() throws IOException {
        assertThat(RawClient.plain("localhost", Ports.free()).get("/").outcome())
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void reportsAnEndWithoutResponse() throws IOException {
        assertThat(get("", Last.CLOSE).outcome()).isEqualTo(Outcome.NO_RESPONSE);
    }

    @Test
    void reportsAResetWithoutResponse() throws IOException {
        assertThat(get("", Last.RESET).outcome()).isEqualTo(Outcome.RESET);
    }

    @Test
    void reportsAResponseThatBreaksOff() throws IOException {
        assertThat(get("HTTP/1.1 200", Last.CLOSE).outcome()).isEqualTo(Outcome.TRUNCATED);
        RawResponse byLength = get(FIVE_BYTES + "\r\nhel", Last.CLOSE);
        assertThat(byLength.outcome()).isEqualTo(Outcome.TRUNCATED);
        assertThat(byLength.bodyLength()).isEqualTo(3);
        assertThat(get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Last.CLOSE)
                        .outcome())
                .isEqualTo(Outcome.TRUNCATED);
    }

    @Test
    void reportsAResponseThatCannotBeRead() throws IOException {
        assertThat(get("SSH-2.0-server\r\n", Last.STAY).outcome()).isEqualTo(Outcome.GARBLED);
        assertThat(Failures.outcome(new SSLException("Tag mismatch!"))).isEqualTo(Outcome.GARBLED);
        assertThat(Failures.outcome(new SSLException("Write failed", new SocketException("Connection reset"))))
                .isEqualTo(Outcome.RESET);
        assertThat(Failures.outcome(new SSLException("Remote host terminated the handshake", new EOFException())))
                .isEqualTo(Outcome.NO_RESPONSE);
    }

    @Test
    void reportsAResponseThatIsReset() throws IOException {
        assertThat(get(FIVE_BYTES + "\r\nhel", Last.RESET).outcome()).isEqualTo(Outcome.RESET);
    }

    @Test
    void recognizesAServerThatSaysNothing() throws IOException {
        try (ScriptedServer server = new ScriptedServer("", Last.STAY)) {
            RawResponse response =
                    server.client().withPatience(Duration.ofMillis(100)).get("/");
            assertThat(response.outcome()).isEqualTo(Outcome.TIMEOUT);
        }
    }

    @Test
    void seesAPendingEndWithoutTakingAResponse() throws IOException {
        try (ScriptedServer server = new ScriptedServer(FIVE_BYTES + "\r\nhello", Last.CLOSE);
                RawConnection connection = server.client().connect()) {
            assertThat(connection.peek()).isEqualTo(ConnectionEnd.OPEN);
            assertThat(connection.request("GET", "/").peek()).isEqualTo(ConnectionEnd.OPEN);
            assertThat(connection.readResponse().text()).isEqualTo("hello");
            assertThat(connection.awaitEnd(Duration.ofSeconds(5))).isEqualTo(ConnectionEnd.EOF);
            assertThat(connection.peek()).isEqualTo(ConnectionEnd.EOF);
        }
    }

    private static RawResponse get(String response, Last last) throws IOException {
        try (ScriptedServer server = new ScriptedServer(response, last)) {
            return server.client().get("/");
        }
    }
}

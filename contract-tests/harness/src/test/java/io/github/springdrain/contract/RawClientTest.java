package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ScriptedServer.Last;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** The client tells every way an exchange can end apart; whatever else is tested rests on it. */
final class RawClientTest {

    private static final String FIVE_BYTES = "HTTP/1.1 200 \r\nContent-Length: 5\r\n";

    @Test
    void readsAnAnswerByItsLength() throws IOException {
        RawResponse answer = get(FIVE_BYTES + "\r\nhello", Last.STAY);
        assertThat(answer.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.ending()).isEqualTo(ConnectionEnd.OPEN);
        assertThat(answer.isConnectionClose()).isFalse();
    }

    @Test
    void readsAnAnswerByItsChunks() throws IOException {
        RawResponse answer = get(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
                Last.STAY);
        assertThat(answer.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(answer.text()).isEqualTo("hello!");
        assertThat(answer.bodyLength()).isEqualTo(6);
    }

    @Test
    void readsAnAnswerByTheEndOfTheConnection() throws IOException {
        RawResponse answer = get("HTTP/1.1 200 OK\r\n\r\nhello", Last.CLOSE);
        assertThat(answer.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.ending()).isEqualTo(ConnectionEnd.EOF);
    }

    @Test
    void skipsInterimAnswers() throws IOException {
        RawResponse answer = get("HTTP/1.1 100 Continue\r\n\r\n" + FIVE_BYTES + "\r\nhello", Last.STAY);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("hello");
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
    void tellsAnUnavailableServerFromAWholeAnswer() throws IOException {
        assertThat(get("HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n", Last.STAY).outcome())
                .isEqualTo(Outcome.UNAVAILABLE_503);
    }

    @Test
    void tellsAClosedPort() throws IOException {
        assertThat(RawClient.plain("localhost", Ports.free()).get("/").outcome())
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void tellsAnEndWithoutAnswer() throws IOException {
        assertThat(get("", Last.CLOSE).outcome()).isEqualTo(Outcome.NO_RESPONSE);
    }

    @Test
    void tellsAResetWithoutAnswer() throws IOException {
        assertThat(get("", Last.RESET).outcome()).isEqualTo(Outcome.RESET);
    }

    @Test
    void tellsAnAnswerThatBreaksOff() throws IOException {
        assertThat(get("HTTP/1.1 200", Last.CLOSE).outcome()).isEqualTo(Outcome.TRUNCATED);
        RawResponse byLength = get(FIVE_BYTES + "\r\nhel", Last.CLOSE);
        assertThat(byLength.outcome()).isEqualTo(Outcome.TRUNCATED);
        assertThat(byLength.bodyLength()).isEqualTo(3);
        assertThat(get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Last.CLOSE)
                        .outcome())
                .isEqualTo(Outcome.TRUNCATED);
    }

    @Test
    void tellsAnAnswerThatCannotBeRead() throws IOException {
        assertThat(get("SSH-2.0-server\r\n", Last.STAY).outcome()).isEqualTo(Outcome.GARBLED);
        assertThat(Failures.outcome(new SSLException("Tag mismatch!"))).isEqualTo(Outcome.GARBLED);
        assertThat(Failures.outcome(new SSLException("Write failed", new SocketException("Connection reset"))))
                .isEqualTo(Outcome.RESET);
        assertThat(Failures.outcome(new SSLException("Remote host terminated the handshake", new EOFException())))
                .isEqualTo(Outcome.NO_RESPONSE);
    }

    @Test
    void tellsAnAnswerThatIsReset() throws IOException {
        assertThat(get(FIVE_BYTES + "\r\nhel", Last.RESET).outcome()).isEqualTo(Outcome.RESET);
    }

    @Test
    void tellsAServerThatSaysNothing() throws IOException {
        try (ScriptedServer server = new ScriptedServer("", Last.STAY)) {
            RawResponse answer =
                    server.client().withPatience(Duration.ofMillis(100)).get("/");
            assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
        }
    }

    @Test
    void seesAPendingEndWithoutTakingAnAnswer() throws IOException {
        try (ScriptedServer server = new ScriptedServer(FIVE_BYTES + "\r\nhello", Last.CLOSE);
                RawConnection connection = server.client().connect()) {
            assertThat(connection.peek()).isEqualTo(ConnectionEnd.OPEN);
            assertThat(connection.request("GET", "/").peek()).isEqualTo(ConnectionEnd.OPEN);
            assertThat(connection.readAnswer().text()).isEqualTo("hello");
            assertThat(connection.awaitEnd(Duration.ofSeconds(5))).isEqualTo(ConnectionEnd.EOF);
            assertThat(connection.peek()).isEqualTo(ConnectionEnd.EOF);
        }
    }

    private static RawResponse get(String answer, Last last) throws IOException {
        try (ScriptedServer server = new ScriptedServer(answer, last)) {
            return server.client().get("/");
        }
    }
}

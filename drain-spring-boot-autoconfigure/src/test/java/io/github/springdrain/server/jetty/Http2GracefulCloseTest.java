// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.testing.RawHttp2;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream whose head is being parsed in the very moment in which the last stream is named. */
@Timeout(60)
class Http2GracefulCloseTest {

    private static final IdleLimits PATIENT = limits(Duration.ofSeconds(30));

    private static final IdleLimits AT_ONCE = limits(Duration.ZERO);

    private final Pause pause = new Pause();

    private EmbeddedJetty jetty;

    private Socket socket;

    private RawHttp2 client;

    private static IdleLimits limits(Duration idleGrace) {
        return new IdleLimits(Duration.ZERO, idleGrace, Duration.ofSeconds(30));
    }

    @BeforeEach
    void connect() throws Exception {
        this.jetty = new EmbeddedJetty((connector) -> {
            HttpConnectionFactory http1 = connector.getConnectionFactory(HttpConnectionFactory.class);
            connector.addConnectionFactory(new HTTP2CServerConnectionFactory(http1.getHttpConfiguration()));
        });
        this.socket = this.jetty.connect();
        this.client = RawHttp2.inUse(this.socket);
        this.jetty.server().announce(1);
        this.jetty.server().closeListeners(Duration.ofSeconds(5));
    }

    @AfterEach
    void close() throws Exception {
        this.pause.end.countDown();
        this.socket.close();
        this.jetty.close();
    }

    /** Jetty alone would name stream 1, refuse stream 3 and, as none is open, end the connection. */
    @Test
    void isCoveredAndServedOnceTheDrainHasHeardOfIt() throws Exception {
        this.jetty.server().closeIdle(PATIENT);
        session().addEventListener(this.pause);
        this.client.get(3);
        this.pause.await();

        this.jetty.server().closeIdle(AT_ONCE);
        assertThat(this.client.awaitLastStreams(2)).containsExactly(Integer.MAX_VALUE, 3);
        this.jetty.server().closeIdle(PATIENT);
        this.pause.end.countDown();

        this.client.awaitResponse(3);
        this.client.acknowledgePings();
        awaitEnd();
    }

    @Test
    void isNeitherCoveredNorServedBefore() throws Exception {
        session().addEventListener(this.pause);
        this.jetty.server().closeIdle(PATIENT);
        this.client.get(3);
        this.pause.await();

        this.jetty.server().closeIdle(AT_ONCE);
        assertThat(this.client.awaitLastStreams(2)).containsExactly(Integer.MAX_VALUE, 1);
        this.pause.end.countDown();

        this.client.acknowledgePings();
        awaitEnd();
        assertThat(this.client.hasResponse(3)).isFalse();
    }

    private HTTP2Session session() {
        return this.jetty.connector().getConnectedEndPoints().stream()
                .map((endPoint) -> ((HTTP2Connection) endPoint.getConnection()).getSession())
                .findFirst()
                .orElseThrow();
    }

    /** Until the connection has ended, which it does once the PING behind the last GOAWAY got its response. */
    private void awaitEnd() throws IOException {
        while (!this.jetty.connector().getConnectedEndPoints().isEmpty()) {
            this.jetty.server().closeIdle(PATIENT);
            while (this.socket.getInputStream().available() > 0) {
                this.client.read();
            }
            this.client.acknowledgePings();
        }
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> {
            while (true) {
                this.client.read();
            }
        });
    }

    /** Holds the thread that parses at the head of stream 3. */
    private static final class Pause implements HTTP2Session.FrameListener {

        private final CountDownLatch begin = new CountDownLatch(1);

        private final CountDownLatch end = new CountDownLatch(1);

        void await() throws InterruptedException {
            assertThat(this.begin.await(30, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void onIncomingFrame(Session session, Frame frame) {
            if (frame instanceof HeadersFrame headers && headers.getStreamId() == 3) {
                this.begin.countDown();
                try {
                    assertThat(this.end.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}

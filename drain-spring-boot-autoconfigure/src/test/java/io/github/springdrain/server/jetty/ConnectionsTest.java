// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.testing.TestTls;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scan makes of a connection that is in the middle of something. */
class ConnectionsTest {

    private static final int PACKET_BYTES = 32 * 1024;

    /** More than a handshake takes. */
    private static final int MOST_TURNS = 10;

    private final ByteBuffer toServer = ByteBuffer.allocate(PACKET_BYTES);

    private final ByteBuffer toClient = ByteBuffer.allocate(PACKET_BYTES);

    private final SSLEngine server = TestTls.server().createSSLEngine();

    private final SSLEngine client = TestTls.client().createSSLEngine();

    private final EndPoint endPoint = new ByteArrayEndPoint();

    private final List<HandshakeStatus> seen = new ArrayList<>();

    /** Also while the server is at its own part, in which a busy machine may leave it for a while. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void handshakesUntilTheClientHasDoneItsPart(String protocol) throws Exception {
        this.server.setUseClientMode(false);
        this.client.setUseClientMode(true);
        this.client.setEnabledProtocols(new String[] {protocol});
        SslConnection connection = new SslConnection(
                new ArrayByteBufferPool(), Runnable::run, new SslContextFactory.Server(), this.endPoint, this.server);
        this.endPoint.setConnection(connection);
        EndPoint decrypted = connection.getSslEndPoint();
        decrypted.setConnection(new Application(decrypted));
        this.client.beginHandshake();
        this.server.beginHandshake();
        assertHandshaking();
        for (int i = 0; i < MOST_TURNS; i++) {
            takeTurn(this.client, this.toServer, this.toClient);
            takeTurn(this.server, this.toClient, this.toServer);
        }
        assertThat(Connections.isHandshaking(this.endPoint)).isFalse();
        assertThat(this.seen).contains(HandshakeStatus.NEED_WRAP, HandshakeStatus.NEED_UNWRAP);
    }

    /** Writes what there is to be written, and reads as far as the engine wants to read before it writes again. */
    private void takeTurn(SSLEngine engine, ByteBuffer output, ByteBuffer input) throws SSLException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), output);
            runTasks(engine);
        }
        input.flip();
        int before = -1;
        while (input.hasRemaining() && input.remaining() != before) {
            before = input.remaining();
            engine.unwrap(input, ByteBuffer.allocate(PACKET_BYTES));
            runTasks(engine);
        }
        input.compact();
    }

    private void runTasks(SSLEngine engine) {
        assertHandshaking();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
            assertHandshaking();
        }
    }

    private void assertHandshaking() {
        HandshakeStatus status = this.server.getHandshakeStatus();
        if (status != HandshakeStatus.NOT_HANDSHAKING) {
            this.seen.add(status);
            assertThat(Connections.isHandshaking(this.endPoint))
                    .as("%s", status)
                    .isTrue();
        }
    }

    /** What Jetty makes in the middle of a handshake by ALPN. */
    private static final class Application extends AbstractConnection {

        Application(EndPoint endPoint) {
            super(endPoint, Runnable::run);
        }

        @Override
        public void onFillable() {}
    }
}

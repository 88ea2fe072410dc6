// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.testing.RawHttp2;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import org.eclipse.jetty.http2.RateControl;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that reads nothing, so that the last GOAWAY cannot leave. */
@Timeout(60)
class Http2AbortTest {

    /** Far less than Jetty's idle timeout, which would end the connection too. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int SMALL_BUFFER = 4096;

    /** Their acknowledgements take many times what both buffers hold. */
    private static final int PINGS = 8000;

    @Test
    void endsTheConnectionOfAPeerThatDoesNotRead() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(Http2AbortTest::addHttp2);
                Socket socket = jetty.connect()) {
            socket.setReceiveBufferSize(SMALL_BUFFER);
            RawHttp2 client = RawHttp2.inUse(socket);
            client.ping(PINGS);
            await().atMost(LIMIT).until(() -> isWriteHeldUp(jetty.connector().getConnectedEndPoints()));

            jetty.server().abort((connection) -> false);

            assertThat(jetty.connector().getConnectedEndPoints()).noneMatch(EndPoint::isOpen);
        }
    }

    private static void addHttp2(ServerConnector connector) {
        HttpConnectionFactory http1 = connector.getConnectionFactory(HttpConnectionFactory.class);
        HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http1.getHttpConfiguration());
        http2.setRateControlFactory(new RateControl.Factory() {});
        connector.addConnectionFactory(http2);
        connector.setAcceptedSendBufferSize(SMALL_BUFFER);
    }

    private static boolean isWriteHeldUp(Collection<EndPoint> endPoints) {
        return endPoints.stream()
                .anyMatch((endPoint) -> endPoint instanceof AbstractEndPoint open
                        && open.getWriteFlusher().isPending());
    }
}

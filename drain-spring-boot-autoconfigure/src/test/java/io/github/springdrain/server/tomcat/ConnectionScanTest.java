// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.testing.RawHttp2;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scan sees of a connection that has become another one since the scan began. */
@Timeout(60)
class ConnectionScanTest {

    /** A connection that is upgraded and not known to speak HTTP/2 is ended as a WebSocket session, without a GOAWAY. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void knowsThatAConnectionSpeaksHttp2SinceAMoment(boolean asyncIo) throws Exception {
        try (EmbeddedTomcat tomcat = EmbeddedTomcat.withHttp2(EmbeddedTomcat.DRAIN, asyncIo);
                Socket socket = tomcat.connect()) {
            ConnectionScan scan = new ConnectionScan(
                    (DrainHttp11NioProtocol) tomcat.connector().getProtocolHandler());
            RawHttp2.unused(socket);
            tomcat.awaitStates(ConnectionState.IDLE);
            List<ConnectionState> states = new ArrayList<>();
            scan.forEach((wrapper, state) -> {
                assertThat(scan.http2(wrapper)).isNotNull();
                states.add(state);
            });
            assertThat(states).containsExactly(ConnectionState.IDLE);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Http2ClientTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final byte[] STATUS_200 = {(byte) 0x88};

    @Test
    void readsResponsesAndGoAwaysAndTheEnd() throws IOException {
        try (Script server = new Script((socket) -> {
            send(socket, new Http2Frame(Http2FrameType.HEADERS, Http2Frame.END_HEADERS, 1, STATUS_200));
            // One byte of padding and its length in front.
            send(socket, new Http2Frame(Http2FrameType.DATA, 0x8 | Http2Frame.END_STREAM, 1, new byte[] {1, 7, 7, 0}));
            send(socket, Http2Frame.number(Http2FrameType.RST_STREAM, 3, 7));
            send(socket, goAway(3));
        })) {
            Http2Connection connection = server.client().connect();
            Http2Stream responded = connection.get("/");
            Http2Stream refused = connection.get("/");
            Http2Stream open = connection.get("/");

            assertThat(connection.awaitEnd(LIMIT)).isEqualTo(ConnectionEnd.EOF);
            assertThat(responded.summary()).isEqualTo("COMPLETE 200, 2 bytes");
            assertThat(refused.state()).isEqualTo(Http2Stream.State.REFUSED);
            assertThat(open.await(LIMIT).state()).isEqualTo(Http2Stream.State.WITHOUT_RESPONSE);
            assertThat(connection.goAways()).singleElement().hasToString("GOAWAY(3)");
        }
    }

    @Test
    void acknowledgesPingsUnlessItIsMute() throws IOException {
        assertThat(responsesTo(Http2Behavior.GOOD)).contains(Http2FrameType.PING);
        assertThat(responsesTo(Http2Behavior.MUTE)).doesNotContain(Http2FrameType.PING);
    }

    private static List<Http2FrameType> responsesTo(Http2Behavior behavior) throws IOException {
        List<Http2FrameType> received = new ArrayList<>();
        try (Script server = new Script((socket) -> {
            send(socket, Http2Frame.ping(42));
            DataInputStream input = new DataInputStream(socket.getInputStream());
            while (received.isEmpty() || received.get(received.size() - 1) != Http2FrameType.RST_STREAM) {
                received.add(Http2Frame.read(input).type());
            }
        })) {
            Http2Connection connection = server.client().with(behavior).connect();
            connection.get("/");
            connection.get("/");
            connection.get("/");
            server.awaitPingSent();
            // Behind whatever the reader has to say by then.
            Moment.await(System.nanoTime(), Duration.ofMillis(200));
            connection.write(Http2Frame.number(Http2FrameType.RST_STREAM, 1, 8));
            connection.awaitEnd(LIMIT);
        }
        return received;
    }

    private static Http2Frame goAway(int last) {
        return new Http2Frame(
                Http2FrameType.GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8).putInt(last).putInt(0).array());
    }

    private static void send(Socket socket, Http2Frame frame) throws IOException {
        socket.getOutputStream().write(frame.encoded());
    }

    /** A server of one connection that waits for the preface and three requests, then does as it is asked. */
    private static final class Script implements AutoCloseable {

        private static final int PREFACE_BYTES = 24;

        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

        private final ConcurrentClients<Boolean> thread;

        private volatile boolean begun;

        Script(Act act) throws IOException {
            this.thread = ConcurrentClients.start("scripted-http2", 1, () -> serve(act));
        }

        Http2Client client() {
            return Http2Client.of(this.listener.getLocalPort(), false);
        }

        private boolean serve(Act act) throws IOException {
            try (Socket socket = this.listener.accept()) {
                DataInputStream input = new DataInputStream(socket.getInputStream());
                input.readFully(new byte[PREFACE_BYTES]);
                for (int requests = 0; requests < 3; ) {
                    if (Http2Frame.read(input).type() == Http2FrameType.HEADERS) {
                        requests++;
                    }
                }
                this.begun = true;
                act.on(socket);
            }
            return true;
        }

        void awaitPingSent() {
            Moment.awaitThat(() -> this.begun, LIMIT);
        }

        @Override
        public void close() throws IOException {
            this.thread.results(LIMIT);
            this.listener.close();
        }
    }

    /** What the server does. */
    private interface Act {

        void on(Socket socket) throws IOException;
    }
}

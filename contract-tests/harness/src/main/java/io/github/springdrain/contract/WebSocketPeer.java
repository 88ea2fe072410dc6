// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client (RFC 6455) over a raw connection, as polite as its user: it responds to no ping or close frame
 * by itself. Sends short frames only. Used by one thread at a time.
 */
public final class WebSocketPeer implements Closeable {

    private static final int TEXT = 1;

    private static final int CLOSE = 8;

    private static final int PING = 9;

    /**
     * The most that a ping carries (RFC 6455 section 5.5). Handling one costs the same whatever its size, and the fewer fit
     * into what a server reads at once, the sooner it comes round to its other clients.
     */
    private static final String PAYLOAD = "p".repeat(125);

    private final RawConnection connection;

    private WebSocketPeer(RawConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects and upgrades.
     *
     * @throws IOException if there is no connection
     * @throws AssertionError if the server does not switch to WebSocket
     */
    public static WebSocketPeer open(RawClient client, String path) throws IOException {
        RawConnection connection = client.connect()
                .write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        RawResponse response = connection.readResponse();
        if (response.status() != 101) {
            throw new AssertionError("No WebSocket at " + path + ": " + response.summary());
        }
        return new WebSocketPeer(connection);
    }

    /** Sends a text message of at most 125 characters. */
    public WebSocketPeer text(String message) {
        return send(TEXT, message);
    }

    /** Sends a ping. */
    public WebSocketPeer ping() {
        return send(PING, PAYLOAD);
    }

    /** Responds to a close frame with one of the same code. */
    public WebSocketPeer respondToClose(int code) {
        return send(CLOSE, "" + (char) (code >> 8) + (char) (code & 0xFF));
    }

    /** Whether the server takes what is sent no longer. */
    public boolean isBroken() {
        return this.connection.failure() != null;
    }

    /** Whether a frame, or the end of the connection, begins to arrive {@code within}; leaves it where it is. */
    public boolean isReadable(Duration within) {
        this.connection.input().giveUpAfter(within);
        try {
            this.connection.input().awaitByte();
            return true;
        } catch (SocketTimeoutException ex) {
            return false;
        } catch (IOException ex) {
            return true;
        }
    }

    /** Reads one frame; {@code null} when the connection ends before one, or none comes {@code within}. */
    public @Nullable WebSocketFrame read(Duration within) {
        SocketInput input = this.connection.input();
        input.giveUpAfter(within);
        try {
            int opcode = input.read();
            int length = input.read();
            if (opcode < 0 || length < 0) {
                return null;
            }
            if (length == 126) {
                length = (input.read() << 8) + input.read();
            }
            StringBuilder payload = new StringBuilder();
            for (int i = 0; i < length; i++) {
                payload.append((char) input.read());
            }
            return new WebSocketFrame(opcode & 0x0F, payload.toString());
        } catch (IOException ex) {
            return null;
        }
    }

    /** Reads on until a close frame has come; {@code null} when the connection ends without, or none comes in time. */
    public @Nullable WebSocketFrame awaitClose(Duration within) {
        WebSocketFrame frame = read(within);
        while (frame != null && !frame.isClose()) {
            frame = read(within);
        }
        return frame;
    }

    /** Reads and discards until the connection ends. */
    public ConnectionEnd awaitEnd(Duration within) {
        return this.connection.awaitEnd(within);
    }

    @Override
    public void close() {
        this.connection.close();
    }

    /** With a mask of zeros, which leaves the payload as it is. */
    private WebSocketPeer send(int opcode, String payload) {
        byte[] data = payload.getBytes(StandardCharsets.ISO_8859_1);
        byte[] frame = new byte[6 + data.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | data.length);
        System.arraycopy(data, 0, frame, 6, data.length);
        this.connection.write(frame, 0, frame.length);
        return this;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** An HTTP/2 client in clear text, frame by frame. Used by one thread. */
public final class RawHttp2 {

    /** Of DATA and HEADERS. */
    private static final int END_STREAM = 1;

    /** Of PING and SETTINGS. */
    private static final int ACK = 1;

    private static final int END_HEADERS = 4;

    private static final int DATA = 0;

    private static final int HEADERS = 1;

    private static final int RST_STREAM = 3;

    private static final int SETTINGS = 4;

    private static final int PING = 6;

    private static final int GOAWAY = 7;

    /** Of RST_STREAM. */
    private static final int REFUSED_STREAM = 7;

    /** HPACK: GET, http. */
    private static final byte[] GET = {(byte) 0x82, (byte) 0x86};

    /** HPACK: GET, https. */
    private static final byte[] TLS_GET = {(byte) 0x82, (byte) 0x87};

    /** HPACK: what follows is :path. */
    private static final byte PATH = 4;

    /** HPACK: what follows is :authority. */
    private static final byte AUTHORITY = 1;

    private final Socket socket;

    private final List<Integer> lastStreams = new ArrayList<>();

    private int errorCode;

    private final List<Integer> responded = new ArrayList<>();

    private final List<Integer> refused = new ArrayList<>();

    private final List<byte[]> questions = new ArrayList<>();

    private int acknowledgements;

    /**
     * Begins to speak HTTP/2 on a connection on which nothing has been said, and awaits the response of its first
     * stream.
     */
    public static RawHttp2 inUse(Socket socket) throws IOException {
        RawHttp2 client = new RawHttp2(socket);
        client.get(1);
        client.awaitResponse(1);
        return client;
    }

    /** Begins to speak HTTP/2 on a connection on which nothing has been said, and awaits that the server does too. */
    public static RawHttp2 unused(Socket socket) throws IOException {
        RawHttp2 client = new RawHttp2(socket);
        client.read();
        return client;
    }

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        this.socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        write(SETTINGS, 0, 0, new byte[0]);
    }

    /** Sends a GET of {@code /} without a body. */
    public void get(int stream) throws IOException {
        get(stream, "/");
    }

    /** Sends a GET without a body. */
    public void get(int stream, String path) throws IOException {
        request(stream, path, END_STREAM);
    }

    /** Sends the head of a request whose body never comes. */
    public void begin(int stream, String path) throws IOException {
        request(stream, path, 0);
    }

    private void request(int stream, String path, int flags) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(100);
        head.put((this.socket instanceof SSLSocket) ? TLS_GET : GET).put(PATH);
        string(head, path);
        head.put(AUTHORITY);
        string(head, "localhost");
        write(HEADERS, flags | END_HEADERS, stream, Arrays.copyOf(head.array(), head.position()));
    }

    private static void string(ByteBuffer head, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        head.put((byte) bytes.length).put(bytes);
    }

    /** Reads until a stream has its whole response. */
    public void awaitResponse(int stream) throws IOException {
        while (!this.responded.contains(stream)) {
            read();
        }
    }

    /** Reads until there have been so many GOAWAYs, and returns the last streams that they name. */
    public List<Integer> awaitLastStreams(int count) throws IOException {
        while (this.lastStreams.size() < count) {
            read();
        }
        return List.copyOf(this.lastStreams);
    }

    /** The error code of the last GOAWAY. */
    public int errorCode() {
        return this.errorCode;
    }

    /** How many GOAWAYs have been read. */
    public int lastStreams() {
        return this.lastStreams.size();
    }

    /** Sends so many PINGs at once; what acknowledges them is not read here. */
    public void ping(int count) throws IOException {
        ByteBuffer frames = ByteBuffer.allocate(count * (9 + 8));
        for (int i = 0; i < count; i++) {
            frames.putInt(8 << 8 | PING).put((byte) 0).putInt(0).putLong(i);
        }
        this.socket.getOutputStream().write(frames.array());
    }

    /** Sends a PING, and reads until it is acknowledged: until everything that the server had sent before. */
    public void awaitAcknowledgement() throws IOException {
        int before = this.acknowledgements;
        ping(1);
        while (this.acknowledgements == before) {
            read();
        }
    }

    /** Acknowledges the PINGs that have been read. */
    public void acknowledgePings() throws IOException {
        for (byte[] question : this.questions) {
            write(PING, ACK, 0, question);
        }
        this.questions.clear();
    }

    /** Reads until a stream was refused, and returns which. */
    public int awaitRefused() throws IOException {
        while (this.refused.isEmpty()) {
            read();
        }
        return this.refused.remove(0);
    }

    /** Whether a stream has its whole response, as far as has been read. */
    public boolean hasResponse(int stream) {
        return this.responded.contains(stream);
    }

    /** Reads one frame; throws {@code EOFException} at the end of the connection. */
    public void read() throws IOException {
        DataInputStream input = new DataInputStream(this.socket.getInputStream());
        int length = (input.readUnsignedByte() << 16) | input.readUnsignedShort();
        int type = input.readUnsignedByte();
        int flags = input.readUnsignedByte();
        int stream = input.readInt();
        byte[] payload = new byte[length];
        input.readFully(payload);
        if (type == GOAWAY) {
            ByteBuffer goAway = ByteBuffer.wrap(payload);
            this.lastStreams.add(goAway.getInt());
            this.errorCode = goAway.getInt();
        } else if (type == RST_STREAM && ByteBuffer.wrap(payload).getInt() == REFUSED_STREAM) {
            this.refused.add(stream);
        } else if (type == PING && flags == 0) {
            this.questions.add(payload);
        } else if (type == PING) {
            this.acknowledgements++;
        } else if (type == SETTINGS && flags == 0) {
            write(SETTINGS, ACK, 0, new byte[0]);
        } else if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
            this.responded.add(stream);
        }
    }

    private void write(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt((payload.length << 8) | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        this.socket.getOutputStream().write(frame.array());
    }
}

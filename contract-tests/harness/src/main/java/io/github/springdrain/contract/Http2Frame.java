// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** One frame as it is on the wire (RFC 9113 section 4.1). Immutable. */
public final class Http2Frame {

    /** Of SETTINGS and PING: the acknowledgement of one of the same type. */
    public static final int ACK = 0x1;

    /** Of DATA and HEADERS: the message ends here. */
    public static final int END_STREAM = 0x1;

    /** Of HEADERS: the head ends here. */
    public static final int END_HEADERS = 0x4;

    private static final int PADDED = 0x8;

    private static final int PRIORITY = 0x20;

    private static final int PRIORITY_BYTES = 5;

    private static final int HEAD_BYTES = 9;

    private final Http2FrameType type;

    private final int flags;

    private final int streamId;

    private final byte[] payload;

    /** Creates a frame of any kind, also one that RFC 9113 does not allow. */
    public Http2Frame(Http2FrameType type, int flags, int streamId, byte[] payload) {
        this.type = type;
        this.flags = flags;
        this.streamId = streamId;
        this.payload = payload.clone();
    }

    /** SETTINGS with one value for each of {@code settings}: id, value, id, value. */
    public static Http2Frame settings(int... settings) {
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return new Http2Frame(Http2FrameType.SETTINGS, 0, 0, payload.array());
    }

    /** PING with {@code data}. */
    public static Http2Frame ping(long data) {
        return new Http2Frame(
                Http2FrameType.PING,
                0,
                0,
                ByteBuffer.allocate(Long.BYTES).putLong(data).array());
    }

    /** A frame whose payload is one number: RST_STREAM, WINDOW_UPDATE. */
    public static Http2Frame number(Http2FrameType type, int streamId, int value) {
        return new Http2Frame(
                type,
                0,
                streamId,
                ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    /**
     * Reads the next frame.
     *
     * @throws IOException if there is none; {@code EOFException} where the connection ends
     */
    static Http2Frame read(DataInputStream input) throws IOException {
        int length = (input.readUnsignedByte() << 16) | input.readUnsignedShort();
        int type = input.readUnsignedByte();
        int flags = input.readUnsignedByte();
        int streamId = input.readInt() & Integer.MAX_VALUE;
        byte[] payload = new byte[length];
        input.readFully(payload);
        return new Http2Frame(Http2FrameType.of(type), flags, streamId, payload);
    }

    byte[] encoded() {
        return ByteBuffer.allocate(HEAD_BYTES + this.payload.length)
                .putInt((this.payload.length << 8) | this.type.code())
                .put((byte) this.flags)
                .putInt(this.streamId)
                .put(this.payload)
                .array();
    }

    Http2FrameType type() {
        return this.type;
    }

    int streamId() {
        return this.streamId;
    }

    boolean has(int flag) {
        return (this.flags & flag) != 0;
    }

    int length() {
        return this.payload.length;
    }

    /** The number at {@code offset}. */
    int number(int offset) {
        return ByteBuffer.wrap(this.payload).getInt(offset);
    }

    /** The acknowledgement of this SETTINGS or PING. */
    Http2Frame acknowledgement() {
        return new Http2Frame(this.type, ACK, 0, (this.type == Http2FrameType.PING) ? this.payload : new byte[0]);
    }

    /** What DATA or HEADERS carries, without padding and priority. */
    byte[] content() {
        int from = has(PADDED) ? 1 : 0;
        int to = this.payload.length - (has(PADDED) ? this.payload[0] & 0xFF : 0);
        int skipped = (this.type == Http2FrameType.HEADERS && has(PRIORITY)) ? PRIORITY_BYTES : 0;
        return Arrays.copyOfRange(this.payload, from + skipped, to);
    }
}

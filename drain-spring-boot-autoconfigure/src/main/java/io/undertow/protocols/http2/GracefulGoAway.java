// SPDX-License-Identifier: Apache-2.0
package io.undertow.protocols.http2;

import io.undertow.server.protocol.framed.SendFrameHeader;
import io.undertow.util.ImmediatePooledByteBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;

/**
 * One of the two GOAWAY frames of a connection that leaves in good order (RFC 9113 section 6.8). In the first, the last
 * stream id is 2^31-1, so every stream that the client has opened or is opening is still served. Undertow's own GOAWAY
 * names the last stream it has seen and closes the connection at once. In this package because the constructor of a
 * control frame is visible here only.
 */
public final class GracefulGoAway extends Http2NoDataStreamSinkChannel {

    private static final int PAYLOAD_BYTES = 8;

    private static final int FRAME_HEADER_BYTES = 9;

    private final int lastStreamId;

    private final boolean end;

    private GracefulGoAway(Http2Channel channel, int lastStreamId, boolean end) {
        super(channel);
        this.lastStreamId = lastStreamId;
        this.end = end;
    }

    /**
     * Sends the frame; nothing else about the connection changes. To be called by the connection's own thread.
     *
     * @param lastStreamId the last stream that is or may be served
     * @param end whether this is the last that is sent on the connection, and FIN follows
     */
    public static void send(Http2Channel channel, int lastStreamId, boolean end) {
        GracefulGoAway frame = new GracefulGoAway(channel, lastStreamId, end);
        try {
            frame.shutdownWrites();
            if (!frame.flush()) {
                frame.getWriteSetter()
                        .set(ChannelListeners.flushingChannelListener(
                                null, ChannelListeners.closingChannelExceptionHandler()));
                frame.resumeWrites();
            }
        } catch (IOException ex) {
            IoUtils.safeClose(channel);
        }
    }

    @Override
    protected SendFrameHeader createFrameHeader() {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER_BYTES + PAYLOAD_BYTES);
        frame.putInt((PAYLOAD_BYTES << 8) | Http2Channel.FRAME_TYPE_GOAWAY);
        frame.put((byte) 0);
        frame.putInt(0);
        frame.putInt(this.lastStreamId);
        frame.putInt(Http2Channel.ERROR_NO_ERROR);
        frame.flip();
        return new SendFrameHeader(new ImmediatePooledByteBuffer(frame));
    }

    /** The last frame would end the writing side with it. */
    @Override
    protected boolean isLastFrame() {
        return this.end;
    }
}

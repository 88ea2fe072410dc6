package io.github.springdrain.server.netty;

import io.github.springdrain.server.CloseAdvertisement;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * What one connection is reading right now: whether anything is left of it when a response is written tells whether
 * another request was read together with the one that is responded to. Costs one read of a field until a drain begins.
 * Used by the event loop of the connection.
 */
final class PresentRead {

    private final CloseAdvertisement announcement;

    private @Nullable ByteBuf bytes;

    PresentRead(CloseAdvertisement announcement) {
        this.announcement = announcement;
    }

    /** Hands on what was read. */
    void fire(ChannelHandlerContext context, Object message) {
        if (this.announcement.isForAny() && message instanceof ByteBuf read) {
            fireRetained(context, read);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** Retained, as the pool would give the buffer to others while the last response is still being written. */
    private void fireRetained(ChannelHandlerContext context, ByteBuf read) {
        this.bytes = read.retain();
        try {
            context.fireChannelRead(read);
        } finally {
            this.bytes = null;
            read.release();
        }
    }

    /** How many bytes no handler has decoded yet: a decoder moves the index of the very buffer that was read. */
    int undecoded() {
        ByteBuf read = this.bytes;
        return (read != null) ? read.readableBytes() : 0;
    }
}

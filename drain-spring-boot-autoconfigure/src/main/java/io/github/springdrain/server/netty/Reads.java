// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.server.CloseAdvertisement;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * The reads of one connection, with TLS or behind it: how many there were, and what the present one holds. Whether
 * anything is left of that when a response is written shows whether another request was read together with the one that
 * is responded to. Costs one read of a field until a drain begins. Used by the event loop; scans may read from outside.
 */
final class Reads {

    private final CloseAdvertisement announcement;

    private long count;

    private @Nullable ByteBuf bytes;

    Reads(CloseAdvertisement announcement) {
        this.announcement = announcement;
    }

    /** Counts what is read, and is not handed on. */
    void add() {
        this.count++;
    }

    /** Counts what is read, and hands it on. */
    void fire(ChannelHandlerContext context, Object message) {
        this.count++;
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

    long count() {
        return this.count;
    }

    /** How many bytes of the present read no handler has decoded yet, 0 outside of a read: a decoder moves the index of the very buffer that was read. */
    int undecoded() {
        ByteBuf read = this.bytes;
        return (read != null) ? read.readableBytes() : 0;
    }

    /** Counts what TLS has decrypted: a part of a handshake, or of a record, is no part of a request. */
    static final class Decrypted extends ChannelInboundHandlerAdapter {

        private final Reads reads;

        Decrypted(Reads reads) {
            this.reads = reads;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            this.reads.fire(context, message);
        }
    }
}

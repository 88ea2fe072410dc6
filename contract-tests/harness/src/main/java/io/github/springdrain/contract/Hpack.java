// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.Map;

/**
 * HPACK (RFC 7541) by Netty's codec, for clients that keep no table and have asked their peer to keep none: each block
 * stands for itself.
 */
final class Hpack {

    private static final int ANY_STREAM = 1;

    private Hpack() {}

    /** The block of a request's head; no field of it is for the peer's table. */
    static byte[] encode(Map<String, String> fields) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        fields.forEach(headers::add);
        ByteBuf block = Unpooled.buffer();
        try {
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.ALWAYS_SENSITIVE)
                    .encodeHeaders(ANY_STREAM, headers, block);
        } catch (Http2Exception ex) {
            throw new IllegalArgumentException("Not a head: " + fields, ex);
        }
        return ByteBufUtil.getBytes(block);
    }

    /**
     * Reads the status of a response's head.
     *
     * @throws IllegalArgumentException if there is none; the message shows what is there
     */
    static int status(byte[] block) {
        try {
            Http2Headers headers =
                    new DefaultHttp2HeadersDecoder(false).decodeHeaders(ANY_STREAM, Unpooled.wrappedBuffer(block));
            CharSequence status = headers.status();
            if (status == null) {
                throw new IllegalArgumentException("No status in " + headers);
            }
            return Integer.parseInt(status.toString());
        } catch (Http2Exception ex) {
            throw new IllegalArgumentException("Not a head: " + ByteBufUtil.hexDump(block), ex);
        }
    }
}

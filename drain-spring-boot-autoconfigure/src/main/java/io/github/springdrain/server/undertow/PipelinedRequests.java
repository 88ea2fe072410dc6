// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.server.CloseAdvertisement;
import io.undertow.conduits.FixedLengthStreamSourceConduit;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.server.protocol.http.PipeliningBufferingStreamSinkConduit;
import io.undertow.util.AttachmentKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Requests that were read together with the one before, and responses that Undertow holds back for as long as requests
 * follow. Undertow drops both where a connection ends.
 */
final class PipelinedRequests {

    private static final AttachmentKey<AtomicInteger> ROW = AttachmentKey.create(AtomicInteger.class);

    private PipelinedRequests() {}

    /**
     * Whether another request was read behind this one, so that the close has to be advertised by a later response. True
     * a limited number of times on each connection.
     */
    static boolean follow(HttpServerExchange exchange, HttpServerConnection connection) {
        PooledByteBuffer read = connection.getExtraBytes();
        if (read == null || !isBeyond(body(exchange, connection), exchange, read.getBuffer())) {
            return false;
        }
        AtomicInteger row = connection.getAttachment(ROW);
        if (row == null) {
            row = new AtomicInteger();
            connection.putAttachment(ROW, row);
        }
        return row.incrementAndGet() <= CloseAdvertisement.LONGEST_PIPELINE;
    }

    private static StreamSourceConduit body(HttpServerExchange exchange, HttpServerConnection connection) {
        StreamSourceConduit watched = BodySource.below(exchange);
        return (watched != null)
                ? watched
                : connection.getChannel().getSourceChannel().getConduit();
    }

    /** Whether there is more than what is left of the body, and more than an empty line. */
    private static boolean isBeyond(StreamSourceConduit body, HttpServerExchange exchange, ByteBuffer read) {
        long first = read.position();
        if (!exchange.isRequestComplete()) {
            if (!(body instanceof FixedLengthStreamSourceConduit fixed)) {
                return false;
            }
            first += fixed.getRemaining();
        }
        for (long i = first; i < read.limit(); i++) {
            byte next = read.get((int) i);
            if (next != '\r' && next != '\n') {
                return true;
            }
        }
        return false;
    }

    /** Whether the connection has pipelined at any time: its responses may be held back from then on. */
    static boolean seenOn(HttpServerConnection connection) {
        return connection.getPipelineBuffer() != null;
    }

    /** Drops what follows the last request of a connection, which is what has Undertow send what it holds back. */
    static void drop(HttpServerConnection connection) {
        PooledByteBuffer read = connection.getExtraBytes();
        if (read != null) {
            connection.setExtraBytes(null);
            read.close();
        }
    }

    /**
     * Sends the responses that are held back, and goes on. To be called by the connection's I/O thread, between requests.
     *
     * @param failed is run instead where the connection is broken
     */
    static void send(HttpServerConnection connection, Runnable then, Runnable failed) {
        PipeliningBufferingStreamSinkConduit held = connection.getPipelineBuffer();
        try {
            if (held == null || held.flushPipelinedData()) {
                then.run();
                return;
            }
        } catch (IOException ex) {
            failed.run();
            return;
        }
        ConduitStreamSinkChannel sink = connection.getChannel().getSinkChannel();
        sink.setWriteListener((channel) -> {
            channel.suspendWrites();
            send(connection, then, failed);
        });
        sink.resumeWrites();
    }
}

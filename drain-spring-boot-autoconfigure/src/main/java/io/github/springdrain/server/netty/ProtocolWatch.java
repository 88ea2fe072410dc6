package io.github.springdrain.server.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Waits for the end of a TLS handshake, which decides on the protocol and so on the handlers of the connection. */
final class ProtocolWatch extends ChannelInboundHandlerAdapter {

    private final OpenConnection connection;

    ProtocolWatch(OpenConnection connection) {
        this.connection = connection;
    }

    /** Comes behind the handler that has set the protocol up. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent) {
            this.connection.watchHttp1();
            context.pipeline().remove(this);
        }
        context.fireUserEventTriggered(event);
    }
}

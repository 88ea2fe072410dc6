// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.netty.channel.Channel;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Connections and streams that speak WebSocket. */
final class WebSockets {

    /** RFC 6455 section 7.4.1. */
    private static final int GOING_AWAY = 1001;

    private WebSockets() {}

    static boolean isWebSocket(Channel channel) {
        return ChannelOperations.get(channel) instanceof WebsocketOutbound;
    }

    /** Sends the close frame; Reactor Netty then ends the connection. */
    static void sendClose(Channel channel) {
        if (ChannelOperations.get(channel) instanceof WebsocketOutbound socket) {
            socket.sendClose(GOING_AWAY, "The server is going away").subscribe((nothing) -> {}, (failure) -> {});
        }
    }
}

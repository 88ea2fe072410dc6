// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that speaks WebSocket. */
final class WebSocketConnection extends OpenConnection.Framed {

    private final WebSocketChannel channel;

    WebSocketConnection(WebSocketChannel channel) {
        super(channel);
        this.channel = channel;
    }

    @Override
    public @Nullable ConnectionState state() {
        return isOpen() ? ConnectionState.UPGRADED : null;
    }

    @Override
    public long progress() {
        return 0;
    }

    @Override
    public String protocol() {
        return "websocket";
    }

    @Override
    public List<RequestSnapshot> requests() {
        return List.of();
    }

    /** Close frame 1001 (RFC 6455 section 7.4.1); the channel closes when the client has sent its own. */
    @Override
    public void notifyClient() {
        WebSockets.sendClose(CloseMessage.GOING_AWAY, "The server is going away", this.channel, null);
    }

    @Override
    public void endIdle(ConnectionState state) {
        abort(state);
    }
}

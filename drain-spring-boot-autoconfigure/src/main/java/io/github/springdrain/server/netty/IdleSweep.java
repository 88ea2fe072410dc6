// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.IdleLimits;
import java.util.function.BiConsumer;

/** Closes the connections that have no request, each kind after its own limit and on its own event loop. */
record IdleSweep(IdleLimits limits, Http2Streams streams) implements BiConsumer<OpenConnection, ConnectionState> {

    /** Between two looks at a connection that is about to be closed, everything that has arrived is read. */
    private static final int LOOK_TURNS = 2;

    @Override
    public void accept(OpenConnection connection, ConnectionState state) {
        long now = System.nanoTime();
        if (!connection.closeHttp2(state, this.streams, this.limits, now)) {
            sweep(connection, state, now);
        }
    }

    private void sweep(OpenConnection connection, ConnectionState state, long nowNanos) {
        ConnectionProgress since = connection.clock();
        long unchanged = since.unchangedFor(state, connection.progress(state), nowNanos);
        if (state == ConnectionState.UPGRADED) {
            if (since.isTimeToNotify(nowNanos, this.limits.closeSpread())) {
                WebSockets.sendClose(connection.channel());
            } else if (since.isNotifiedFor(this.limits.stallTimeout(), nowNanos)) {
                close(connection);
            }
        } else if (this.limits.isOutlived(state, unchanged)) {
            closeUnlessMoved(connection, state);
        }
    }

    /** A read is always pending, so what has arrived by now will have been seen after two turns. */
    private void closeUnlessMoved(OpenConnection connection, ConnectionState state) {
        long before = connection.progress(state);
        EventLoops.afterTurns(connection.loop(), LOOK_TURNS, () -> {
            if (connection.state(this.streams) == state && connection.progress(state) == before) {
                close(connection);
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures through the pipeline.
    private static void close(OpenConnection connection) {
        connection.channel().close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.IdleLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes the connections that have no request, each kind after its own limit. One sweep follows the other; each
 * connection is swept on its own I/O thread.
 */
final class IdleSweep {

    private final Map<Object, ConnectionProgress> clocks = new ConcurrentHashMap<>();

    /** Closes what has to be closed, and returns what is left then. */
    List<ConnectionSnapshot> run(ConnectionScan scan, IdleLimits limits) {
        long now = System.nanoTime();
        Set<Object> gone = new HashSet<>(this.clocks.keySet());
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        List<ConnectionSnapshot> left = scan.snapshots((connection, state) -> {
            seen.add(connection.key());
            if (connection instanceof Http2Connection http2 && state != ConnectionState.HANDSHAKE) {
                http2.stepTowardsClose(limits, now);
            } else {
                sweep(connection, state, limits, now);
            }
        });
        gone.removeAll(seen);
        this.clocks.keySet().removeAll(gone);
        return left;
    }

    private void sweep(OpenConnection connection, ConnectionState state, IdleLimits limits, long nowNanos) {
        ConnectionProgress clock = this.clocks.computeIfAbsent(connection.key(), (key) -> new ConnectionProgress());
        long unchanged = clock.unchangedFor(state, connection.progress(), nowNanos);
        if (state == ConnectionState.UPGRADED) {
            if (clock.isTimeToNotify(nowNanos, limits.closeSpread())) {
                connection.notifyClient();
            } else if (clock.isNotifiedFor(limits.stallTimeout(), nowNanos)) {
                connection.endIdle(state);
            }
        } else if (limits.isOutlived(state, unchanged)) {
            connection.endIdle(state);
        }
    }
}

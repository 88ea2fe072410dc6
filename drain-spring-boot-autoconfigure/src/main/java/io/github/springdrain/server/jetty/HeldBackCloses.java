// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import java.util.Map;
import java.util.WeakHashMap;
import org.eclipse.jetty.io.Connection;

/**
 * The connections whose close is not advertised yet because another request has been read already. A client that always
 * sends the next one in advance would never be notified, so each has an allowance. Thread-safe.
 */
final class HeldBackCloses {

    /** More than Jetty reads at once by far. */
    private static final long ALLOWANCE_BYTES = 64 * 1024;

    private final Map<Connection, Long> bytesInAtFirst = new WeakHashMap<>();

    /** Whether the close of the connection may be held back once more. */
    synchronized boolean isAllowed(Connection connection) {
        long first = this.bytesInAtFirst.computeIfAbsent(connection, Connection::getBytesIn);
        return connection.getBytesIn() - first <= ALLOWANCE_BYTES;
    }

    synchronized void clear() {
        this.bytesInAtFirst.clear();
    }
}

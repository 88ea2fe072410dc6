package io.github.springdrain.jetty;

import java.util.Map;
import java.util.WeakHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/** The HTTP/2 connections of one connector on their way out. Thread-safe; what it returns is for the drain's thread. */
final class Http2Leaves {

    private final Map<EndPoint, Http2Leave> leaves = new WeakHashMap<>();

    /** Begins with the first call for a connection. */
    synchronized Http2Leave of(EndPoint endPoint, Connection connection) {
        return this.leaves.computeIfAbsent(endPoint, (key) -> new Http2Leave(connection));
    }

    /** The connections stay: another drain begins anew with them. */
    synchronized void forget() {
        this.leaves.clear();
    }
}

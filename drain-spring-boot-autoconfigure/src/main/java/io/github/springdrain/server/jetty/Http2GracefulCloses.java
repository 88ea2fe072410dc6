package io.github.springdrain.server.jetty;

import java.util.Map;
import java.util.WeakHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/** The HTTP/2 connections of one connector on their way out. Thread-safe; what it returns is for the drain's thread. */
final class Http2GracefulCloses {

    private final Map<EndPoint, Http2GracefulClose> leaves = new WeakHashMap<>();

    /** Begins with the first call for a connection. */
    synchronized Http2GracefulClose of(EndPoint endPoint, Connection connection) {
        return this.leaves.computeIfAbsent(endPoint, (key) -> new Http2GracefulClose(connection));
    }

    /** The connections stay: another drain begins anew with them. */
    synchronized void forget() {
        this.leaves.clear();
    }
}

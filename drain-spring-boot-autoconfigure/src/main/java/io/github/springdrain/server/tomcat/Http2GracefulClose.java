// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.IdleLimits;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** The GOAWAY sequence of one HTTP/2 connection. */
interface Http2GracefulClose {

    SocketWrapperBase<?> socketWrapper();

    /** Streams the peer has opened and that have not ended; may be a moment old. */
    int activeStreams();

    /** Sends GOAWAY(2^31-1), once; called again and again by the drain's thread, which must not wait for a peer. */
    void announce();

    /** Takes the next step towards the end of the connection, once listeners are closed. */
    void proceed(IdleLimits limits, long nowNanos);

    /** What Tomcat keeps the streams in. */
    Object handler();
}

package io.github.springdrain.tomcat;

import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.http2.Http2AsyncUpgradeHandler;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection whose active streams can be counted. */
final class DrainHttp2UpgradeHandler extends Http2AsyncUpgradeHandler {

    DrainHttp2UpgradeHandler(
            Http2Protocol protocol, Adapter adapter, @Nullable Request request, SocketWrapperBase<?> socketWrapper) {
        super(protocol, adapter, request, socketWrapper);
    }

    SocketWrapperBase<?> socketWrapper() {
        return this.socketWrapper;
    }

    /** Streams the peer has opened and that have not ended; may be a moment old. */
    int activeStreams() {
        return this.activeRemoteStreamCount.get();
    }
}

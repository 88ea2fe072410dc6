// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.CloseAdvertisement;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of HTTP/1.x during an announcement. Whether its response advertises the close is decided when the response
 * is about to be sent: by then it is known whether it switches protocols, and whether another request has been read.
 */
final class AdvertisingStream extends HttpStream.Wrapper {

    private final CloseAdvertisement announcement;

    private final Connection connection;

    private final HeldBackCloses heldBack;

    AdvertisingStream(
            HttpStream stream, Connection connection, CloseAdvertisement announcement, HeldBackCloses heldBack) {
        super(stream);
        this.connection = connection;
        this.announcement = announcement;
        this.heldBack = heldBack;
    }

    @Override
    public void send(
            MetaData.Request request,
            MetaData.@Nullable Response response,
            boolean last,
            @Nullable ByteBuffer content,
            Callback callback) {
        // A connection that speaks another protocol from here on, or is a tunnel, ends in its own way.
        if (response != null
                && !HttpStatus.isInformational(response.getStatus())
                && !HttpMethod.CONNECT.is(request.getMethod())
                && this.announcement.isForNext()) {
            advertise();
        }
        super.send(request, response, last, content, callback);
    }

    /** Jetty would drop a request that has been read behind this one. */
    private void advertise() {
        boolean followed = Http1Connections.isFollowedByRequest(this.connection);
        if (!followed || !this.heldBack.isAllowed(this.connection)) {
            Http1Connections.advertiseClose(this.connection);
        }
    }
}

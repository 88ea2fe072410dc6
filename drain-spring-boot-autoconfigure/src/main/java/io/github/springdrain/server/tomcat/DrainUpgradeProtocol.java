// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.UpgradeToken;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.coyote.http11.upgrade.UpgradeProcessorInternal;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 as the application has configured it, on connections whose active streams can be counted.
 *
 * @param original the application's, which stays the one that everybody sees and configures
 * @param protocol the protocol handler it belongs to
 */
record DrainUpgradeProtocol(Http2Protocol original, DrainHttp11NioProtocol protocol) implements UpgradeProtocol {

    long completedRequests() {
        return this.original.getGlobal().getRequestCount();
    }

    @Override
    public String getHttpUpgradeName(boolean secure) {
        return this.original.getHttpUpgradeName(secure);
    }

    @Override
    public byte[] getAlpnIdentifier() {
        return this.original.getAlpnIdentifier();
    }

    @Override
    public String getAlpnName() {
        return this.original.getAlpnName();
    }

    @Override
    public Processor getProcessor(SocketWrapperBase<?> socketWrapper, Adapter adapter) {
        UpgradeToken token = new UpgradeToken(
                getInternalUpgradeHandler(socketWrapper, adapter, null),
                null,
                null,
                this.original.getUpgradeProtocolName());
        return new UpgradeProcessorInternal(socketWrapper, token, null);
    }

    @Override
    public InternalHttpUpgradeHandler getInternalUpgradeHandler(
            SocketWrapperBase<?> socketWrapper, Adapter adapter, @Nullable Request request) {
        if (!socketWrapper.hasAsyncIO()) {
            BlockingHttp2Connection blocking = new BlockingHttp2Connection(
                    this.original.getInternalUpgradeHandler(socketWrapper, this.protocol.getAdapter(), request),
                    this.protocol.endpoint(),
                    socketWrapper);
            this.protocol.remember(blocking);
            return blocking;
        }
        DrainHttp2UpgradeHandler connection =
                new DrainHttp2UpgradeHandler(this.original, this.protocol, request, socketWrapper);
        this.protocol.remember(connection);
        return connection;
    }

    @Override
    public boolean accept(Request request) {
        return this.original.accept(request);
    }
}

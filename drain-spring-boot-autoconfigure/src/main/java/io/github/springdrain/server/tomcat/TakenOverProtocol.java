// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import org.apache.coyote.Adapter;
import org.apache.coyote.CompressionConfig;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.upgrade.UpgradeGroupInfo;
import org.apache.coyote.http2.Http2Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Serves in place of a protocol handler that the application has made by itself, by {@code new Connector()} for example.
 * The application's own stays with its connector: it is the one that is configured, asked, started and stopped, at any
 * time and through any reference. Only its endpoint is exchanged, by reflection, before it is initialized.
 */
final class TakenOverProtocol extends DrainHttp11NioProtocol {

    private final Http11NioProtocol original;

    private TakenOverProtocol(DrainNioEndpoint endpoint, Http11NioProtocol original) {
        super(endpoint);
        this.original = original;
    }

    /**
     * Takes over a protocol handler that has not been initialized.
     *
     * @throws ReflectiveOperationException if that is not possible; the handler is as it was then
     */
    static TakenOverProtocol of(Http11NioProtocol original) throws ReflectiveOperationException {
        DrainNioEndpoint endpoint = new DrainNioEndpoint();
        TakenOverProtocol protocol = new TakenOverProtocol(endpoint, original);
        Internals.takeOver(original, endpoint, protocol.getHandler(), protocol.new Compression());
        for (UpgradeProtocol upgrade : original.findUpgradeProtocols()) {
            if (upgrade instanceof Http2Protocol) {
                // Of two for the same name Tomcat takes the later one.
                original.addUpgradeProtocol(protocol.drainable(upgrade));
            }
        }
        return protocol;
    }

    @Override
    Http11NioProtocol configuration() {
        return this.original;
    }

    @Override
    public Adapter getAdapter() {
        return this.original.getAdapter();
    }

    @Override
    public String getName() {
        return this.original.getName();
    }

    @Override
    public String getDomain() {
        return this.original.getDomain();
    }

    @Override
    public int getProcessorCache() {
        return this.original.getProcessorCache();
    }

    @Override
    public void addWaitingProcessor(Processor processor) {
        this.original.addWaitingProcessor(processor);
    }

    @Override
    public void removeWaitingProcessor(Processor processor) {
        this.original.removeWaitingProcessor(processor);
    }

    @Override
    public @Nullable UpgradeProtocol getNegotiatedProtocol(String name) {
        return this.original.getNegotiatedProtocol(name);
    }

    @Override
    public @Nullable UpgradeProtocol getUpgradeProtocol(String name) {
        return this.original.getUpgradeProtocol(name);
    }

    @Override
    public UpgradeGroupInfo getUpgradeGroupInfo(String upgradeProtocol) {
        return this.original.getUpgradeGroupInfo(upgradeProtocol);
    }

    /** The original's own settings of compression, asked before each head of a response with a body. */
    private final class Compression extends CompressionConfig {

        @Override
        public boolean useCompression(Request request, Response response) {
            beforeHead(request, response);
            return super.useCompression(request, response);
        }
    }
}

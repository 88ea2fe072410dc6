// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.CloseAdvertisement;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.RequestGroupInfo;
import org.apache.coyote.Response;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1 protocol handler over NIO, able to leave service without failing a request. The starter sets it
 * where an application has not chosen a protocol of its own. Behaves as its superclass until a drain starts, but for the
 * way a connection with unread input is closed.
 */
public class DrainHttp11NioProtocol extends Http11NioProtocol {

    /** Attribute of a request that is to be the last one of its connection whatever follows. */
    static final String END_OF_PIPELINE = DrainHttp11NioProtocol.class.getName() + ".endOfPipeline";

    /** Attribute of a request whose response got its {@code Connection: close} before the body was read. */
    static final String ADVERTISED_BEFORE_BODY = DrainHttp11NioProtocol.class.getName() + ".advertisedBeforeBody";

    private final DrainNioEndpoint endpoint;

    private final CloseAdvertisement closeAdvertisement = new CloseAdvertisement();

    /** Every processor in use or pooled; touched only when one is created. */
    private final Set<DrainHttp11Processor> processors =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final Set<Http2GracefulClose> http2Connections =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Held while the connections are looked at: two threads that look at one at a time would each take it to be at work. */
    private final Lock scanning = new ReentrantLock();

    private volatile @Nullable DrainUpgradeProtocol http2;

    /** Called by Tomcat, by name. */
    public DrainHttp11NioProtocol() {
        this(new DrainNioEndpoint());
    }

    DrainHttp11NioProtocol(DrainNioEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /** Joins the server's linger policy, and has the listener opened as the server does; before the first start. */
    void join(LingerPolicy policy, ListenerOpening opening) {
        this.endpoint.setLingerPolicy(policy);
        this.endpoint.setListenerOpening(opening);
    }

    DrainNioEndpoint endpoint() {
        return this.endpoint;
    }

    Lock scanning() {
        return this.scanning;
    }

    CloseAdvertisement closeAdvertisement() {
        return this.closeAdvertisement;
    }

    LingeringCloser closer() {
        return this.endpoint.lingerPolicy().closer();
    }

    List<DrainHttp11Processor> processors() {
        synchronized (this.processors) {
            return new ArrayList<>(this.processors);
        }
    }

    List<Http2GracefulClose> http2Connections() {
        synchronized (this.http2Connections) {
            return new ArrayList<>(this.http2Connections);
        }
    }

    void remember(Http2GracefulClose connection) {
        this.http2Connections.add(connection);
    }

    /** Requests completed since the start, HTTP/2 streams included. */
    long completedRequests() {
        long count = (getHandler().getGlobal() instanceof RequestGroupInfo group) ? group.getRequestCount() : 0;
        DrainUpgradeProtocol upgrade = this.http2;
        return (upgrade != null) ? count + upgrade.completedRequests() : count;
    }

    /** Whether each response that can be the last one of its connection is. */
    boolean advertisesCloseToAll() {
        return this.closeAdvertisement.isForAll() || this.endpoint.isListenerClosed();
    }

    /** Whether a response that says {@code Connection: close} leaves no request behind that has been read already. */
    boolean isLast(Request request) {
        return !PipelinedRequest.isReadBehind(request) || request.getAttribute(END_OF_PIPELINE) != null;
    }

    /** The protocol handler that the application configures. */
    Http11NioProtocol configuration() {
        return this;
    }

    @Override
    public boolean useCompression(Request request, Response response) {
        beforeHead(request, response);
        return super.useCompression(request, response);
    }

    /**
     * Called when Tomcat asks whether to compress, right before it decides on the {@code Connection} header of a response
     * with a body. That makes it the one place that reaches a request whose service began before the announcement.
     */
    void beforeHead(Request request, Response response) {
        if (!request.protocol().equals("HTTP/2.0") && (advertisesCloseToAll() || this.closeAdvertisement.isForNext())) {
            advertiseClose(request, response);
        }
    }

    private void advertiseClose(Request request, Response response) {
        if (isLast(request)) {
            response.setHeader("Connection", "close");
        } else if (request.getAttribute(ADVERTISED_BEFORE_BODY) != null) {
            // The application has read the body meanwhile, and another request with it.
            response.getMimeHeaders().removeHeader("Connection");
        }
    }

    @Override
    protected Processor createProcessor() {
        DrainHttp11Processor processor = new DrainHttp11Processor(this, getAdapter());
        this.processors.add(processor);
        return processor;
    }

    @Override
    public @Nullable UpgradeProtocol getNegotiatedProtocol(String name) {
        return drainable(super.getNegotiatedProtocol(name));
    }

    @Override
    public @Nullable UpgradeProtocol getUpgradeProtocol(String name) {
        return drainable(super.getUpgradeProtocol(name));
    }

    @Nullable UpgradeProtocol drainable(@Nullable UpgradeProtocol protocol) {
        if (!(protocol instanceof Http2Protocol original)) {
            return protocol;
        }
        DrainUpgradeProtocol upgrade = this.http2;
        if (upgrade == null || upgrade.original() != original) {
            upgrade = new DrainUpgradeProtocol(original, this);
            this.http2 = upgrade;
        }
        return upgrade;
    }
}

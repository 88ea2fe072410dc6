// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.testing.HoldingServer;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.xnio.Options;

/** A real Undertow with one handler. */
final class EmbeddedUndertow extends HoldingServer {

    private final UndertowDrainableServer server =
            new UndertowDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, closer());

    private final Undertow undertow;

    /** Starts a server that takes at most so many connections at a time. */
    EmbeddedUndertow(int connections) {
        this.undertow = Undertow.builder()
                .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                .setSocketOption(Options.CONNECTION_HIGH_WATER, connections)
                .setSocketOption(Options.CONNECTION_LOW_WATER, connections)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
                .setHandler(this.server.inFrontOf(new BlockingHandler(this::respond)))
                .build();
        begin();
    }

    EmbeddedUndertow() {
        this(1000);
    }

    private void respond(HttpServerExchange exchange) throws IOException {
        serve(exchange.getRequestPath());
        exchange.setResponseContentLength(2);
        exchange.getOutputStream().write("ok".getBytes(StandardCharsets.ISO_8859_1));
    }

    private void begin() {
        this.undertow.start();
        this.server.started(this.undertow);
    }

    @Override
    public UndertowDrainableServer server() {
        return this.server;
    }

    @Override
    public void restart() {
        this.undertow.stop();
        begin();
    }

    @Override
    public int port() {
        return ((InetSocketAddress) this.undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    protected void stop() {
        this.undertow.stop();
    }
}

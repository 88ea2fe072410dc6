// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.testing.HoldingServer;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A real server of Reactor Netty with one handler and one event loop, which accepts and serves. */
final class EmbeddedNetty extends HoldingServer {

    private final CountDownLatch blocked = new CountDownLatch(1);

    private final CountDownLatch unblocked = new CountDownLatch(1);

    private final AtomicBoolean blockedAtAbort = new AtomicBoolean();

    private final NettyDrainableServer server = new NettyDrainableServer(
            ListenerGate.Mode.AUTO, Sharing.NONE, closer(), () -> this.blockedAtAbort.set(true));

    private final LoopResources loops = LoopResources.create("test-loop", 1, true);

    private final boolean nativeTransport;

    private DisposableServer running;

    EmbeddedNetty(boolean nativeTransport) {
        this.nativeTransport = nativeTransport;
        this.running = begin();
    }

    private DisposableServer begin() {
        HttpServer plain = HttpServer.create()
                .host("localhost")
                .port(0)
                .protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
                .runOn(this.loops, this.nativeTransport);
        return this.server
                .customize(plain)
                .channelGroup(new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE))
                .handle(this::respond)
                .bindNow();
    }

    private Publisher<Void> respond(HttpServerRequest request, HttpServerResponse response) {
        String path = request.fullPath();
        if (path.equals("/block")) {
            block();
        }
        if (path.equals("/ws")) {
            return response.sendWebsocket((in, out) -> out.send(in.receive().retain()));
        }
        Mono<Void> ok = response.header("Content-Length", "2")
                .sendString(Mono.just("ok"))
                .then();
        return path.equals("/hold") ? beside(path).then(ok) : ok;
    }

    private Mono<Void> beside(String path) {
        return Mono.<Void>fromRunnable(() -> {
                    try {
                        serve(path);
                    } catch (IOException ex) {
                        throw new UncheckedIOException(ex);
                    }
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    private void block() {
        this.blocked.countDown();
        try {
            this.unblocked.await();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the event loop is blocked. */
    void awaitBlocked() throws InterruptedException {
        this.blocked.await();
    }

    void unblock() {
        this.unblocked.countDown();
    }

    boolean wasBlockedAtAbort() {
        return this.blockedAtAbort.get();
    }

    @Override
    public NettyDrainableServer server() {
        return this.server;
    }

    /** Whether the kernel still takes new clients. */
    boolean isAccepting() {
        try {
            connect().close();
            return true;
        } catch (IOException ex) {
            return false;
        }
    }

    void stopListening() {
        this.running.disposeNow();
    }

    @Override
    public void restart() {
        this.running.disposeNow();
        this.running = begin();
    }

    @Override
    public int port() {
        return this.running.port();
    }

    @Override
    protected void stop() {
        unblock();
        this.running.disposeNow();
        this.server.release();
        this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
    }
}

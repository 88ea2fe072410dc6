// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.server.acceptqueue.AcceptLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AcceptLoopTest {

    private static final long BOUND_MILLIS = 20_000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesAnInheritedListenerOpenForTheProcessThatHandedItDown(boolean gracefully) throws Exception {
        try (ServerSocketChannel listener = listener()) {
            AcceptLoop loop = AcceptLoop.openInherited(listener);
            CompletableFuture<Integer> acceptor = CompletableFuture.supplyAsync(() -> acceptAll(loop));
            try (Socket served = connect(listener)) {
                assertThat(served.isConnected()).isTrue();
                if (gracefully) {
                    loop.closeGracefully(BOUND_MILLIS);
                } else {
                    loop.closeNow();
                }
            }
            acceptor.get(BOUND_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(loop.isOpen()).isFalse();
            assertThat(listener.isOpen()).isTrue();
            assertThat(listener.isBlocking()).isTrue();
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (Socket next = connect(listener);
                    SocketChannel taken = accept(listener, next.getLocalPort())) {
                assertThat(taken.getLocalAddress()).hasToString("/127.0.0.1:" + port);
            }
        }
    }

    @Test
    void closesAListenerOfItsOwn() throws Exception {
        try (ServerSocketChannel listener = listener()) {
            AcceptLoop loop = AcceptLoop.open(listener);
            CompletableFuture<Integer> acceptor = CompletableFuture.supplyAsync(() -> acceptAll(loop));
            loop.closeGracefully(BOUND_MILLIS);
            acceptor.get(BOUND_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(loop.isOpen()).isFalse();
            assertThat(listener.isOpen()).isFalse();
        }
    }

    /** A connection made before may still be in the queue. */
    private static SocketChannel accept(ServerSocketChannel listener, int remotePort) throws IOException {
        while (true) {
            SocketChannel channel = listener.accept();
            if (((InetSocketAddress) channel.getRemoteAddress()).getPort() == remotePort) {
                return channel;
            }
            channel.close();
        }
    }

    private static int acceptAll(AcceptLoop loop) {
        int count = 0;
        try {
            while (loop.isOpen()) {
                SocketChannel channel = loop.accept();
                if (channel != null) {
                    channel.close();
                    count++;
                }
            }
        } catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
        return count;
    }

    private static ServerSocketChannel listener() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static Socket connect(ServerSocketChannel listener) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.getLocalAddress()).getPort());
    }
}

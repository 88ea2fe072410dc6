// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.handover;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * As little as a server needs to be compared with others: it listens with {@code SO_REUSEPORT}, says hello, and on SIGTERM
 * closes its listener in one of two ways and responds to what it has accepted.
 */
final class BareServer {

    static final String READY = "@bare-server listens";

    private static final int BACKLOG = 1024;

    private static final long BETWEEN_PASSES_NANOS = 10_000_000;

    /** For the next request on a connection that is kept, after SIGTERM. */
    private static final int GRACE_MILLIS = 500;

    private static final String HEAD_END = "\r\n\r\n";

    private final ServerSocketChannel listener;

    private final Close close;

    private final ExecutorService workers = Executors.newCachedThreadPool();

    private final CountDownLatch acceptorStopped = new CountDownLatch(1);

    private volatile boolean ending;

    private BareServer(ServerSocketChannel listener, Close close) {
        this.listener = listener;
        this.close = close;
    }

    /** How a listener is closed. */
    enum Close {

        /** At once: what the kernel holds for it is reset. */
        PLAIN("plain close"),

        /** When two passes over its accept queue, 10 ms apart, have emptied it: gunicorn's pull request 3612. */
        TWO_PASS("two passes");

        private final String label;

        Close(String label) {
            this.label = label;
        }

        String label() {
            return this.label;
        }
    }

    /** Takes the port and the name of a {@link Close}. */
    public static void main(String[] arguments) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        listener.bind(new InetSocketAddress(Integer.parseInt(arguments[0])), BACKLOG);
        BareServer server = new BareServer(listener, Close.valueOf(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::leave, "leave"));
        System.out.println(READY);
        server.accept();
    }

    private void accept() throws IOException {
        this.listener.configureBlocking(false);
        try {
            while (!this.ending) {
                if (!acceptOne()) {
                    LockSupport.parkNanos(200_000);
                }
            }
        } finally {
            this.acceptorStopped.countDown();
        }
    }

    private boolean acceptOne() throws IOException {
        SocketChannel channel = this.listener.accept();
        if (channel == null) {
            return false;
        }
        this.workers.execute(() -> serve(channel));
        return true;
    }

    private void leave() {
        try {
            this.ending = true;
            this.acceptorStopped.await(1, TimeUnit.SECONDS);
            if (this.close == Close.TWO_PASS) {
                acceptAll();
                LockSupport.parkNanos(BETWEEN_PASSES_NANOS);
                acceptAll();
            }
            this.listener.close();
            this.workers.shutdown();
            this.workers.awaitTermination(4L * GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll() throws IOException {
        while (acceptOne()) {
            // Each is handed to a thread of its own.
        }
    }

    private void serve(SocketChannel channel) {
        try (Socket socket = channel.socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(GRACE_MILLIS);
            boolean keeping = true;
            while (keeping) {
                String head = head(socket.getInputStream());
                if (head == null) {
                    return;
                }
                keeping = !this.ending;
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + (keeping ? "" : "Connection: close\r\n")
                                        + "\r\nhello")
                                .getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException ex) {
            // The client has gone, or sends nothing any more.
        }
    }

    /** The head of the next request; {@code null} where the client has left. */
    private static @Nullable String head(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf(HEAD_END) < 0) {
            int next = input.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        return head.toString();
    }
}

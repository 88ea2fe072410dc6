// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** One connection over loopback: the server's end as a container holds it, the client's as a plain socket. */
final class Loopback implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    final SocketChannel server;

    final Socket client;

    private Loopback(SocketChannel server, Socket client) {
        this.server = server;
        this.client = client;
    }

    static Loopback open() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Socket client = new Socket(
                    listener.socket().getInetAddress(), listener.socket().getLocalPort());
            client.setSoTimeout(TIMEOUT_MILLIS);
            SocketChannel server = listener.accept();
            server.configureBlocking(false);
            return new Loopback(server, client);
        }
    }

    /** Writes to the client until both socket buffers are full; returns how many bytes they took. */
    int fill() throws IOException {
        ByteBuffer filler = ByteBuffer.allocate(64 * 1024);
        int total = 0;
        int written;
        while ((written = this.server.write(filler.clear())) > 0) {
            total += written;
        }
        return total;
    }

    /** Writes to the server without reading; returns once all was taken. */
    void upload(int bytes) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        for (int left = bytes; left > 0; left -= chunk.length) {
            this.client.getOutputStream().write(chunk, 0, Math.min(left, chunk.length));
        }
    }

    /** Writes to the server until it refuses. */
    void uploadEndlessly() {
        try {
            while (true) {
                upload(Integer.MAX_VALUE);
            }
        } catch (IOException ex) {
            // The server has closed, or the test is over.
        }
    }

    /** Reads what is left and then FIN; a reset is an exception. */
    byte[] download() throws IOException {
        InputStream in = this.client.getInputStream();
        return in.readAllBytes();
    }

    /** Ends the client's side with RST. */
    void reset() throws IOException {
        this.client.setSoLinger(true, 0);
        this.client.close();
    }

    /** Waits until the end of the client's side has arrived at the server. */
    void awaitEndOfClient() throws IOException {
        this.server.configureBlocking(true);
        int end = this.server.read(ByteBuffer.allocate(1));
        this.server.configureBlocking(false);
        if (end != -1) {
            throw new IllegalStateException("The client has sent something");
        }
    }

    @Override
    public void close() throws IOException {
        this.client.close();
        this.server.close();
    }
}

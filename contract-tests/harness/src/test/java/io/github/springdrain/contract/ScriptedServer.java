// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A server of one connection that reads a request head, writes a text and ends as it is asked to. */
final class ScriptedServer implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    private final ConcurrentClients<Boolean> thread;

    ScriptedServer(String response, Last last) throws IOException {
        this.thread = ConcurrentClients.start("scripted-server", 1, () -> serve(response, last));
    }

    RawClient client() {
        return RawClient.plain("localhost", this.listener.getLocalPort()).withPatience(Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        try {
            this.listener.close();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        this.thread.results(Duration.ofSeconds(10));
    }

    private boolean serve(String response, Last last) throws IOException {
        try (Socket socket = this.listener.accept()) {
            readHead(socket);
            OutputStream output = socket.getOutputStream();
            output.write(response.getBytes(StandardCharsets.US_ASCII));
            output.flush();
            last.act(socket);
        }
        return true;
    }

    private static void readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
    }

    /** What the server does once it has written. */
    enum Last {

        /** Ends in order. */
        CLOSE {

            @Override
            void act(Socket socket) throws IOException {
                socket.shutdownOutput();
            }
        },

        /** Resets. */
        RESET {

            @Override
            void act(Socket socket) throws IOException {
                socket.setSoLinger(true, 0);
            }
        },

        /** Waits until the client has gone. */
        STAY {

            @Override
            void act(Socket socket) throws IOException {
                int gone = socket.getInputStream().read();
                if (gone >= 0) {
                    throw new IOException("The client sent more than one request: " + gone);
                }
            }
        };

        abstract void act(Socket socket) throws IOException;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of a STOMP broker as a relay talks to: responds to CONNECT, keeps the bodies of what is sent,
 * and counts the clients that say goodbye. Knows no content-length, so that a body ends at the first NUL.
 */
final class StompBroker implements Closeable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    private final Set<String> bodies = ConcurrentHashMap.newKeySet();

    private final AtomicInteger disconnects = new AtomicInteger();

    StompBroker() throws IOException {
        start("stomp-broker", this::accept);
    }

    int port() {
        return this.server.getLocalPort();
    }

    Set<String> bodies() {
        return this.bodies;
    }

    int disconnects() {
        return this.disconnects.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = this.server.accept();
            start("stomp-broker-connection", () -> serve(socket));
        }
    }

    private void serve(Socket socket) throws IOException {
        try (socket) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String frame = frame(in); frame != null; frame = frame(in)) {
                if (frame.startsWith("CONNECT") || frame.startsWith("STOMP")) {
                    out.write("CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                } else if (frame.startsWith("SEND")) {
                    this.bodies.add(frame.substring(frame.indexOf("\n\n") + 2));
                } else if (frame.startsWith("DISCONNECT")) {
                    this.disconnects.incrementAndGet();
                }
            }
        }
    }

    /** The next frame without the line ends in front of it, which are heart-beats; {@code null} at the end. */
    private static String frame(BufferedReader in) throws IOException {
        StringBuilder frame = new StringBuilder();
        for (int next = in.read(); next != 0; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (next != '\n' || frame.length() > 0) {
                frame.append((char) next);
            }
        }
        return frame.toString();
    }

    private static void start(String name, Serving serving) {
        Thread thread = new Thread(
                () -> {
                    try {
                        serving.serve();
                    } catch (IOException ex) {
                        // Closed, by this side or the other.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        this.server.close();
    }

    /** What a thread does until its socket is closed. */
    private interface Serving {

        void serve() throws IOException;
    }
}

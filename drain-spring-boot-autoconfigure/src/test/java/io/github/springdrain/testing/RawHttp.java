// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** HTTP/1.1 over a socket, byte for byte, with a server that responds with {@code ok}. */
public final class RawHttp {

    private RawHttp() {}

    /** Connects to a port of this machine; reads give up after 20 seconds. */
    public static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    public static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** Reads to the end of the stream. */
    public static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads up to the end of a head, and nothing of what follows. */
    public static String readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("End of stream after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Reads a response whose body is {@code ok}. */
    public static String readResponse(Socket socket) throws IOException {
        StringBuilder response = new StringBuilder();
        while (!response.toString().endsWith("\r\n\r\nok")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("End of stream after: " + response);
            }
            response.append((char) next);
        }
        return response.toString();
    }
}

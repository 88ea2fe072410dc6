// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server for {@code /hello}, one request at a time, on one blocking socket that it opens when it needs one.
 * Not thread-safe. Refuses every response that is not a complete 200.
 */
final class HelloConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private static final Pattern CONTENT_LENGTH =
            Pattern.compile("\r\nContent-Length: *(\\d+)\r\n", Pattern.CASE_INSENSITIVE);

    private static final Pattern CONNECTION_CLOSE =
            Pattern.compile("\r\nConnection: close\r\n", Pattern.CASE_INSENSITIVE);

    private static final String HEAD_END = "\r\n\r\n";

    private final int port;

    private final byte[] request;

    private final byte[] buffer = new byte[4096];

    private @Nullable Socket socket;

    HelloConnection(int port, ConnectionUse use) {
        this.port = port;
        this.request = use.request().getBytes(StandardCharsets.US_ASCII);
    }

    void send() throws IOException {
        connected().getOutputStream().write(this.request);
    }

    void receive() throws IOException {
        int length = 0;
        String response = "";
        while (!isComplete(response)) {
            int count = connected().getInputStream().read(this.buffer, length, this.buffer.length - length);
            if (count <= 0) {
                throw new EOFException("The response ended after " + length + " bytes: " + response);
            }
            length += count;
            response = new String(this.buffer, 0, length, StandardCharsets.ISO_8859_1);
        }
        if (CONNECTION_CLOSE.matcher(response).find()) {
            awaitEnd();
        }
    }

    /** Lets the server close first, as it has said it would. */
    private void awaitEnd() throws IOException {
        int next = connected().getInputStream().read();
        if (next != -1) {
            throw new IOException("More after a response with 'Connection: close': " + next);
        }
        close();
    }

    private static boolean isComplete(String response) throws IOException {
        int head = response.indexOf(HEAD_END);
        if (head < 0) {
            return false;
        }
        Matcher length = CONTENT_LENGTH.matcher(response);
        if (!response.startsWith("HTTP/1.1 200") || !length.find()) {
            throw new IOException("Not a 200 with a Content-Length: " + response);
        }
        return response.length() - head - HEAD_END.length() >= Integer.parseInt(length.group(1));
    }

    private Socket connected() throws IOException {
        Socket current = this.socket;
        if (current == null) {
            current = new Socket(InetAddress.getLoopbackAddress(), this.port);
            current.setTcpNoDelay(true);
            current.setSoTimeout(TIMEOUT_MILLIS);
            this.socket = current;
        }
        return current;
    }

    @Override
    public void close() throws IOException {
        if (this.socket != null) {
            this.socket.close();
            this.socket = null;
        }
    }
}

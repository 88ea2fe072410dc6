// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client that speaks HTTP/2 over raw sockets: over TLS where ALPN has chosen it, in clear text with prior knowledge
 * or after an upgrade. Retries nothing, hides nothing. Immutable and thread-safe.
 */
public final class Http2Client {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int SMALL_BUFFER = 4096;

    private final String host;

    private final int port;

    private final boolean tls;

    private final Http2Behavior behavior;

    private Http2Client(String host, int port, boolean tls, Http2Behavior behavior) {
        this.host = host;
        this.port = port;
        this.tls = tls;
        this.behavior = behavior;
    }

    /** A well-behaved client of {@code localhost}. */
    public static Http2Client of(int port, boolean tls) {
        return of("localhost", port, tls);
    }

    /** A well-behaved client of {@code host}. */
    static Http2Client of(String host, int port, boolean tls) {
        return new Http2Client(host, port, tls, Http2Behavior.GOOD);
    }

    /** The same client with other behavior. */
    public Http2Client with(Http2Behavior newManners) {
        return new Http2Client(this.host, this.port, this.tls, newManners);
    }

    /**
     * Opens a connection that speaks HTTP/2 from the start.
     *
     * @throws IOException if there is none, or ALPN has not chosen HTTP/2
     */
    public Http2Connection connect() throws IOException {
        return begin(open(new Socket()));
    }

    private Http2Connection begin(Socket socket) throws IOException {
        Http2Connection connection =
                new Http2Connection(socket, new DataInputStream(socket.getInputStream()), this.behavior);
        connection.begin(authority(), this.tls);
        return connection;
    }

    /**
     * Opens a connection over TLS whose client does something else before it ends its handshake.
     *
     * @throws IOException if there is none, or ALPN has not chosen HTTP/2
     */
    public Late connectLate(Runnable before) throws IOException {
        HeldSocket held = new HeldSocket();
        held.holdAfterNextWrite();
        ConcurrentClients<Socket> handshake = ConcurrentClients.start("late-handshake", 1, () -> open(held));
        if (!held.awaitHeld(PATIENCE)) {
            held.close();
            throw new IOException("No response to the ClientHello after " + PATIENCE);
        }
        before.run();
        long releasedAtNanos = System.nanoTime();
        held.release();
        return new Late(begin(handshake.results(PATIENCE).get(0)), releasedAtNanos);
    }

    /**
     * Opens a connection in clear text by an HTTP/1.1 request that asks for HTTP/2 (RFC 7540 section 3.2); its response
     * is that of stream 1.
     *
     * @throws IOException if there is none, or the server stays with HTTP/1.1
     */
    public Http2Connection upgrade(String path) throws IOException {
        Socket socket = open(new Socket());
        String settings =
                Base64.getUrlEncoder().withoutPadding().encodeToString(Http2Connection.settings(this.behavior));
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + authority()
                + "\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: " + settings + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        DataInputStream input = new DataInputStream(socket.getInputStream());
        String head = head(input);
        if (!head.startsWith("HTTP/1.1 101")) {
            socket.close();
            throw new IOException("No upgrade: " + head.lines().findFirst().orElse(""));
        }
        Http2Connection connection = new Http2Connection(socket, input, this.behavior);
        connection.upgraded();
        connection.begin(authority(), this.tls);
        return connection;
    }

    private Socket open(Socket socket) throws IOException {
        try {
            if (!this.behavior.reading()) {
                socket.setReceiveBufferSize(SMALL_BUFFER);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(this.host, this.port), (int) PATIENCE.toMillis());
            Socket ready = this.tls ? negotiate(socket) : socket;
            ready.setSoTimeout(0);
            return ready;
        } catch (IOException ex) {
            socket.close();
            throw ex;
        }
    }

    private Socket negotiate(Socket socket) throws IOException {
        SSLSocket layered = (SSLSocket) TlsMaterial.trustAll().createSocket(socket, "localhost", this.port, true);
        SSLParameters parameters = layered.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        layered.setSSLParameters(parameters);
        layered.startHandshake();
        if (!"h2".equals(layered.getApplicationProtocol())) {
            throw new IOException("ALPN has chosen '" + layered.getApplicationProtocol() + "' (expected: h2)");
        }
        return layered;
    }

    private String authority() {
        return "localhost:" + this.port;
    }

    private static String head(DataInputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = input.read();
            if (next < 0) {
                throw new SocketTimeoutException("The connection ended in the head: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /**
     * A connection whose handshake was held back.
     *
     * @param connection which
     * @param releasedAtNanos when it was let go, so that the server had not ended it before, as {@link System#nanoTime()}
     */
    public record Late(Http2Connection connection, long releasedAtNanos) {}
}

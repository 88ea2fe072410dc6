// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.TlsMaterial;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks HTTP/1.1 over a raw connection and writes down all that it gets, to the end of the connection.
 * Where the server takes no more bytes, what it had sent before is still read. Used by one thread.
 */
final class Client implements Closeable {

    private static final int PATIENCE_MILLIS = 3000;

    private final Socket tcp;

    private final Socket socket;

    private final InputStream input;

    private final Transcript transcript;

    private boolean givenUp;

    private boolean unsent;

    private @Nullable ResponseReader last;

    private Client(Socket tcp, Socket socket, Transcript transcript) throws IOException {
        this.tcp = tcp;
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream());
        this.transcript = transcript;
    }

    static Client connect(int port, String preamble, boolean tls, Transcript transcript) throws IOException {
        Socket tcp = new Socket();
        tcp.setTcpNoDelay(true);
        tcp.setSoTimeout(PATIENCE_MILLIS);
        tcp.connect(new InetSocketAddress("localhost", port), PATIENCE_MILLIS);
        tcp.getOutputStream().write(preamble.getBytes(ISO_8859_1));
        if (!tls) {
            return new Client(tcp, tcp, transcript);
        }
        SSLSocket layered = (SSLSocket) TlsMaterial.trustAll().createSocket(tcp, "localhost", port, true);
        boolean secured = handshake(layered, transcript);
        Client client = new Client(tcp, secured ? layered : tcp, transcript);
        client.givenUp = !secured;
        return client;
    }

    private static boolean handshake(SSLSocket socket, Transcript transcript) {
        try {
            socket.startHandshake();
            return true;
        } catch (IOException ex) {
            transcript.outcome("no handshake");
            return false;
        }
    }

    /** Waits no longer than this for a response or an end that may not come. */
    Client patience(int millis) throws IOException {
        this.socket.setSoTimeout(millis);
        return this;
    }

    /** Writes text as it is. */
    Client send(String text) {
        return send(text.getBytes(ISO_8859_1));
    }

    Client send(byte[] bytes) {
        try {
            this.socket.getOutputStream().write(bytes);
        } catch (IOException ex) {
            if (!this.unsent && this.last == null) {
                this.unsent = true;
                this.transcript.outcome(Transcript.UNSENT);
            }
        }
        return this;
    }

    /** Writes a body, or a part of it. */
    Client body(int length) {
        return send(new byte[length]);
    }

    /** Writes text byte by byte. */
    Client sendSlowly(String text) {
        for (int i = 0; i < text.length(); i++) {
            send(text.substring(i, i + 1)).pause(1);
        }
        return this;
    }

    /** Waits, as a slow client does. */
    Client pause(int millis) {
        Moment.await(System.nanoTime(), Duration.ofMillis(millis));
        return this;
    }

    /** Ends the client's half of the connection. */
    Client halfClose() {
        try {
            this.socket.shutdownOutput();
        } catch (IOException ex) {
            // The server was first.
        }
        return this;
    }

    /** Resets the connection, after which there is nothing to see. */
    Client reset() {
        try {
            this.tcp.setSoLinger(true, 0);
            this.tcp.close();
        } catch (IOException ex) {
            // The server was first.
        }
        return this;
    }

    /** Reads one response. */
    Client response() {
        return response(true);
    }

    /** Reads the response to HEAD. */
    Client responseToHead() {
        return response(false);
    }

    private Client response(boolean withBody) {
        if (!this.givenUp && (this.last == null || this.last.isFollowed())) {
            this.last = new ResponseReader(this.input, this.transcript);
            this.last.read(withBody);
            this.givenUp = this.last.isStuck();
        }
        return this;
    }

    /** Reads an interim response, such as 100. */
    Client interim() {
        return response(false);
    }

    /** Reads bytes of another protocol. */
    Client bytes(int count) {
        try {
            byte[] bytes = this.input.readNBytes(count);
            this.transcript.outcome((bytes.length == count) ? "%d bytes".formatted(count) : "less bytes");
            this.transcript.note(new String(bytes, ISO_8859_1));
        } catch (IOException ex) {
            this.transcript.outcome("no bytes");
        }
        return this;
    }

    /** Goes on with another request where the response promised that the connection stays, else awaits its end. */
    void finish() {
        if (this.last == null || !this.last.isFollowed()) {
            end();
            return;
        }
        send(Requests.get("/do?write=5")).response();
        if (this.last.isFollowed()) {
            this.transcript.outcome("usable");
        } else {
            end();
        }
    }

    /** Awaits the end of the connection. */
    void end() {
        if (!this.givenUp) {
            this.transcript.outcome(awaitEnd());
        }
    }

    private String awaitEnd() {
        try {
            byte[] rest = this.input.readAllBytes();
            if (rest.length > 0) {
                this.transcript.note("behind: " + new String(rest, ISO_8859_1));
            }
            return "FIN";
        } catch (SocketTimeoutException ex) {
            return "open";
        } catch (IOException ex) {
            String message = String.valueOf(ex.getMessage());
            return (message.contains("reset") || message.contains("Broken pipe")) ? "RST" : "FIN in the clear";
        }
    }

    @Override
    public void close() {
        try {
            this.socket.close();
        } catch (IOException ex) {
            // The server was first.
        }
    }
}

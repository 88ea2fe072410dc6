// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connection, used step by step. A step that fails is remembered and the steps that write after it do nothing, so
 * that {@link #read()} still finds what the server had sent, as a good client would. Used by one thread at a time;
 * {@link #abort()} and {@link #close()} by any.
 */
public final class RawConnection implements Closeable {

    private static final int WRITE_BYTES = 64 * 1024;

    private final HeldSocket tcp;

    private final @Nullable SSLSocketFactory tls;

    private final Duration patience;

    private Socket socket;

    private SocketInput input;

    private boolean secured;

    private long bytesWritten;

    private volatile boolean expired;

    private @Nullable IOException failure;

    private @Nullable ConcurrentClients<RawConnection> handshaking;

    RawConnection(HeldSocket tcp, @Nullable SSLSocketFactory tls, Duration patience) {
        this.tcp = tcp;
        this.tls = tls;
        this.patience = patience;
        this.socket = tcp;
        this.input = new SocketInput(tcp);
    }

    /** The client's port. */
    public int localPort() {
        return this.tcp.getLocalPort();
    }

    /** Does the TLS handshake; nothing without TLS, or when it is done. */
    public RawConnection handshake() {
        if (this.tls == null || this.secured || this.failure != null) {
            return this;
        }
        try {
            SSLSocket layered = (SSLSocket) this.tls.createSocket(this.tcp, "localhost", this.tcp.getPort(), true);
            layered.setSoTimeout((int) this.patience.toMillis());
            layered.startHandshake();
            this.socket = layered;
            this.input = new SocketInput(layered);
            this.secured = true;
        } catch (IOException ex) {
            this.failure = ex;
        }
        return this;
    }

    /**
     * Begins the TLS handshake and keeps back the client's last part of it, until {@link #finishHandshake()}.
     *
     * @throws AssertionError if the server has not done its part within the client's patience
     */
    public RawConnection beginHandshake() {
        this.tcp.holdAfterNextWrite();
        this.handshaking = ConcurrentClients.start("handshake", 1, this::handshake);
        if (!this.tcp.awaitHeld(this.patience)) {
            throw new AssertionError("The server did not respond to the ClientHello within " + this.patience);
        }
        return this;
    }

    /** Sends what {@link #beginHandshake()} kept back, and ends the handshake. */
    public RawConnection finishHandshake() {
        this.tcp.release();
        if (this.handshaking != null) {
            this.handshaking.results(this.patience.plusSeconds(1));
        }
        return this;
    }

    /** Writes ASCII text as it is. */
    public RawConnection write(String text) {
        return write(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }

    /** Writes a whole request that keeps the connection. */
    public RawConnection request(String method, String path) {
        return write(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    /** Writes the head of a request whose body of {@code length} bytes follows, with further fields if any. */
    public RawConnection head(String method, String path, long length, String... fields) {
        return head(method, path, "Content-Length: " + length, fields);
    }

    /** Writes the head of a request whose chunked body follows, with further fields if any. */
    public RawConnection chunkedHead(String method, String path, String... fields) {
        return head(method, path, "Transfer-Encoding: chunked", fields);
    }

    private RawConnection head(String method, String path, String framing, String... fields) {
        String more = Stream.of(fields).map((field) -> field + "\r\n").collect(Collectors.joining());
        return write(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + framing + "\r\n" + more + "\r\n");
    }

    /** Writes {@code length} bytes of a body, giving up when the client's patience is over. */
    public RawConnection body(long length) {
        return body(length, false);
    }

    /** Writes so many pieces of a body of {@code pieceBytes} each, and pauses behind each. */
    public RawConnection bodyInPieces(int pieces, int pieceBytes, Duration pause) {
        for (int piece = 0; piece < pieces; piece++) {
            body(pieceBytes);
            LockSupport.parkNanos(pause.toNanos());
        }
        return this;
    }

    /** Writes a whole chunked body of {@code length} bytes, giving up when the client's patience is over. */
    public RawConnection chunkedBody(long length) {
        return body(length, true).write("0\r\n\r\n");
    }

    private RawConnection body(long length, boolean chunked) {
        byte[] bytes = new byte[WRITE_BYTES];
        ScheduledFuture<?> limit = BoundedWrites.after(this.patience, this::expire);
        try {
            for (long left = length; left > 0 && this.failure == null; left -= WRITE_BYTES) {
                int count = (int) Math.min(left, WRITE_BYTES);
                if (chunked) {
                    write(Integer.toHexString(count) + "\r\n");
                }
                write(bytes, 0, count);
                if (chunked) {
                    write("\r\n");
                }
            }
        } finally {
            limit.cancel(false);
        }
        return this;
    }

    /** Bytes the kernel took, heads and framing included. */
    public long bytesWritten() {
        return this.bytesWritten;
    }

    /** Why a handshake or a write failed; {@code null} when none did. */
    public @Nullable IOException failure() {
        return this.failure;
    }

    /** Reads one response, and when it ends the connection, looks how. Never throws for what the server does. */
    public RawResponse read() {
        RawResponse response = readResponse();
        boolean whole = response.outcome() == Outcome.COMPLETE || response.outcome() == Outcome.UNAVAILABLE_503;
        if (whole && response.isConnectionClose() && response.ending() == ConnectionEnd.OPEN) {
            return response.endedBy(awaitEnd(this.patience));
        }
        return response;
    }

    /** Reads one response and does not look further. Never throws for what the server does. */
    public RawResponse readResponse() {
        if (this.failure != null && this.tls != null && !this.secured) {
            return RawResponse.none(Failures.outcome(this.failure), this.failure.toString());
        }
        if (this.expired) {
            return RawResponse.none(Outcome.TIMEOUT, "the server took no more bytes for " + this.patience);
        }
        this.input.giveUpAfter(this.patience);
        return new ResponseReader(this.input).read();
    }

    /** Reads and discards until the connection ends; {@link ConnectionEnd#OPEN} when it has not within {@code wait}. */
    public ConnectionEnd awaitEnd(Duration wait) {
        byte[] discarded = new byte[WRITE_BYTES];
        this.input.giveUpAfter(wait);
        try {
            while (this.input.read(discarded, discarded.length) >= 0) {
                // What comes is not looked at; only the end counts.
            }
            return ConnectionEnd.EOF;
        } catch (SocketTimeoutException ex) {
            return ConnectionEnd.OPEN;
        } catch (IOException ex) {
            return Failures.isReset(ex) ? ConnectionEnd.RESET : ConnectionEnd.EOF;
        }
    }

    /** Looks whether the server has ended the connection, without taking a byte from a response. */
    public ConnectionEnd peek() {
        this.input.giveUpAfter(Duration.ofMillis(1));
        try {
            return this.input.awaitByte() ? ConnectionEnd.OPEN : ConnectionEnd.EOF;
        } catch (SocketTimeoutException ex) {
            return ConnectionEnd.OPEN;
        } catch (IOException ex) {
            return Failures.isReset(ex) ? ConnectionEnd.RESET : ConnectionEnd.EOF;
        }
    }

    /** Whether it speaks TLS. */
    public boolean isTls() {
        return this.tls != null;
    }

    /** Ends the client's half of a connection without TLS, whose other half is still read. */
    public RawConnection halfClose() {
        try {
            this.socket.shutdownOutput();
        } catch (IOException ex) {
            // The server's end came first.
        }
        return this;
    }

    /** Ends the connection with RST. */
    public void abort() {
        try {
            this.tcp.setSoLinger(true, 0);
            this.tcp.close();
        } catch (IOException ex) {
            // Closed already: there is nothing left to reset.
        }
    }

    @Override
    public void close() {
        try {
            this.socket.close();
        } catch (IOException ex) {
            // The server's end came first; the exchange is judged by what was read.
        }
    }

    /** What arrives, for a reader of another protocol, such as after an upgrade. */
    SocketInput input() {
        return this.input;
    }

    RawConnection write(byte[] bytes, int offset, int length) {
        handshake();
        if (this.failure != null) {
            return this;
        }
        try {
            this.socket.getOutputStream().write(bytes, offset, length);
            this.bytesWritten += length;
        } catch (IOException ex) {
            this.failure = ex;
        }
        return this;
    }

    private void expire() {
        this.expired = true;
        abort();
    }
}

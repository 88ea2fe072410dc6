// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks HTTP/1.1 over raw sockets, with TLS if asked to, and trusts every certificate. Retries nothing,
 * hides nothing. Immutable and thread-safe; its connections are for one thread at a time.
 */
public final class RawClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InetSocketAddress address;

    private final @Nullable SSLSocketFactory tls;

    private final Duration patience;

    private RawClient(InetSocketAddress address, @Nullable SSLSocketFactory tls, Duration patience) {
        this.address = address;
        this.tls = tls;
        this.patience = patience;
    }

    /** A client of {@code host}, without TLS. */
    public static RawClient plain(String host, int port) {
        return new RawClient(new InetSocketAddress(host, port), null, PATIENCE);
    }

    /** A client of {@code host} over TLS. */
    public static RawClient tls(String host, int port) {
        return new RawClient(new InetSocketAddress(host, port), TlsMaterial.trustAll(), PATIENCE);
    }

    /**
     * The same client, giving up on a connect, a handshake or a response after {@code newPatience}; 30 s unless set.
     */
    public RawClient withPatience(Duration newPatience) {
        return new RawClient(this.address, this.tls, newPatience);
    }

    /** Whether it speaks TLS. */
    public boolean isTls() {
        return this.tls != null;
    }

    /**
     * Connects, and with TLS leaves the handshake to {@link RawConnection#handshake()} or to the first write.
     *
     * @throws IOException if there is no connection; {@code ConnectException} when it was refused
     */
    public RawConnection connect() throws IOException {
        HeldSocket socket = new HeldSocket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(this.address, (int) this.patience.toMillis());
            return new RawConnection(socket, this.tls, this.patience);
        } catch (IOException ex) {
            socket.close();
            throw ex;
        }
    }

    /** One {@code GET} on a connection of its own that the server is asked to close. */
    public RawResponse get(String path) {
        return once("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    /** One {@code POST} without a body on a connection of its own that the server is asked to close. */
    public RawResponse post(String path) {
        return bodyless("POST", path);
    }

    /** One {@code DELETE} on a connection of its own that the server is asked to close. */
    public RawResponse delete(String path) {
        return bodyless("DELETE", path);
    }

    private RawResponse bodyless(String method, String path) {
        return once(
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private RawResponse once(String request) {
        return exchange((connection) -> connection.write(request).read());
    }

    /** One exchange of any kind on a connection of its own; that there is no connection is a response too. */
    public RawResponse exchange(Function<RawConnection, RawResponse> exchange) {
        try (RawConnection connection = connect()) {
            return exchange.apply(connection);
        } catch (IOException ex) {
            return RawResponse.none(Failures.outcome(ex), ex.toString());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import io.github.springdrain.contract.Http2Client;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One run of a case: the clients that it opens, and what they see. Used by one thread. */
final class Exchange implements Closeable {

    private final Listener listener;

    private final int port;

    private final Transcript transcript = new Transcript();

    private final List<Client> clients = new ArrayList<>();

    Exchange(Listener listener, int port) {
        this.listener = listener;
        this.port = port;
    }

    /** Connects, and does the handshake where the listener speaks TLS. */
    Client connect() throws IOException {
        return connectBehind("", this.listener.isTls());
    }

    /** Connects and sends what comes before the handshake and the first request. */
    Client connectBehind(String preamble, boolean tls) throws IOException {
        Client client = Client.connect(this.port, preamble, tls, this.transcript);
        this.clients.add(client);
        return client;
    }

    Client send(String text) throws IOException {
        return connect().send(text);
    }

    Http2Client http2() {
        return Http2Client.of(this.port, this.listener.isTls());
    }

    Listener listener() {
        return this.listener;
    }

    Transcript transcript() {
        return this.transcript;
    }

    @Override
    public void close() {
        this.clients.forEach(Client::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is used for one exchange after the other as HTTP asks: it is left after {@code Connection: close},
 * nothing is sent on one that has ended, and a new one is made when it is needed. For one thread.
 */
public final class KeptConnection implements Closeable {

    private final Connector connector;

    private @Nullable RawConnection connection;

    private long sentAtNanos;

    /** One that is made when it is needed first. */
    public KeptConnection(RawClient client) {
        this(client::connect);
    }

    KeptConnection(Connector connector) {
        this.connector = connector;
    }

    /** One exchange; that there is no connection is a response too. */
    public RawResponse exchange(Function<RawConnection, RawResponse> exchange) {
        RawResponse response;
        this.sentAtNanos = System.nanoTime();
        try {
            RawConnection current = connected();
            this.sentAtNanos = System.nanoTime();
            response = exchange.apply(current);
        } catch (IOException ex) {
            response = RawResponse.none(Failures.outcome(ex), ex.toString());
        }
        if (response.outcome() != Outcome.COMPLETE || response.isConnectionClose()) {
            leave();
        }
        return response;
    }

    /** When the last exchange was about to begin, as {@link System#nanoTime()}. */
    public long sentAtNanos() {
        return this.sentAtNanos;
    }

    private RawConnection connected() throws IOException {
        RawConnection current = this.connection;
        if (current != null && current.peek() == ConnectionEnd.OPEN) {
            return current;
        }
        leave();
        RawConnection fresh = this.connector.connect();
        this.connection = fresh;
        return fresh;
    }

    /** Leaves the connection, if there is one; the next exchange makes another. */
    public void leave() {
        if (this.connection != null) {
            this.connection.close();
            this.connection = null;
        }
    }

    @Override
    public void close() {
        leave();
    }

    /** Where a connection comes from. */
    interface Connector {

        RawConnection connect() throws IOException;
    }
}

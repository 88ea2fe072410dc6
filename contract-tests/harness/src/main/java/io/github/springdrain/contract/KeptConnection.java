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

    private final RawClient client;

    private @Nullable RawConnection connection;

    private long sentAtNanos;

    /** One that is made when it is needed first. */
    public KeptConnection(RawClient client) {
        this.client = client;
    }

    /** One exchange; that there is no connection is an answer too. */
    public RawResponse exchange(Function<RawConnection, RawResponse> exchange) {
        RawResponse answer;
        this.sentAtNanos = System.nanoTime();
        try {
            RawConnection current = connected();
            this.sentAtNanos = System.nanoTime();
            answer = exchange.apply(current);
        } catch (IOException ex) {
            answer = RawResponse.none(Failures.outcome(ex), ex.toString());
        }
        if (answer.outcome() != Outcome.COMPLETE || answer.isConnectionClose()) {
            leave();
        }
        return answer;
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
        RawConnection fresh = this.client.connect();
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
}

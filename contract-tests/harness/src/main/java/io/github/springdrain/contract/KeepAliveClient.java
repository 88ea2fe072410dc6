// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that keeps its connection and does as HTTP asks: it leaves after {@code Connection: close}, does not send on
 * a connection that has ended, and retries nothing. Ends by itself when it is refused, and when it is stopped.
 */
public final class KeepAliveClient implements Callable<List<KeepAliveClient.Exchange>> {

    private static final Duration LONGEST_THINK = Duration.ofMillis(20);

    private final KeptConnection connection;

    private final String path;

    private final long longestThinkNanos;

    private final List<Exchange> exchanges = new ArrayList<>();

    private volatile boolean ending;

    /** A client of a server's {@code /hello} that takes at most 20 ms between a response and the next request. */
    public KeepAliveClient(RawClient client) {
        this(client, LONGEST_THINK);
    }

    /**
     * A client of a server's {@code /hello} that takes at most {@code longestThink} between a response and the next
     * request.
     */
    public KeepAliveClient(RawClient client, Duration longestThink) {
        this(client, "/hello", longestThink);
    }

    /** A client of {@code path} that takes at most {@code longestThink} between a response and the next request. */
    public KeepAliveClient(RawClient client, String path, Duration longestThink) {
        this.connection = new KeptConnection(client);
        this.path = path;
        this.longestThinkNanos = longestThink.toNanos();
    }

    /** Ends it after the exchange under way. */
    public void end() {
        this.ending = true;
    }

    /** Sends requests until it is refused or stopped; returns all exchanges. */
    @Override
    public List<Exchange> call() {
        try (this.connection) {
            while (!this.ending && exchange() != Outcome.REFUSED) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(this.longestThinkNanos));
            }
        }
        return this.exchanges;
    }

    private Outcome exchange() {
        RawResponse response = this.connection.exchange(
                (current) -> current.request("GET", this.path).readResponse());
        this.exchanges.add(new Exchange(this.connection.sentAtNanos(), System.nanoTime(), response));
        return response.outcome();
    }

    /**
     * One request and what came of it.
     *
     * @param sentAtNanos when it was about to be sent, as {@link System#nanoTime()}
     * @param respondedAtNanos when it was over
     * @param response what came of it
     */
    public record Exchange(long sentAtNanos, long respondedAtNanos, RawResponse response) {}
}

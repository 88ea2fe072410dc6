// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster.load;

import io.github.springdrain.contract.KeptConnection;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;

/** A client that goes on, whatever comes back. For one thread; {@link #openMillis()} for any. */
final class SteadyClient implements Runnable {

    private static final long NONE = 0;

    private final ClientKind kind;

    private final RawClient client;

    private final BooleanSupplier ending;

    private final Results results;

    private volatile long openSince = NONE;

    SteadyClient(ClientKind kind, RawClient client, BooleanSupplier ending, Results results) {
        this.kind = kind;
        this.client = client.withPatience(kind.patience());
        this.ending = ending;
        this.results = results;
    }

    @Override
    public void run() {
        try (KeptConnection connection = new KeptConnection(this.client)) {
            while (!this.ending.getAsBoolean()) {
                this.kind.pause();
                exchange(connection);
                if (!this.kind.isKeeping()) {
                    connection.leave();
                }
            }
        }
    }

    /** For how long its exchange has been under way; 0 between two of them. */
    long openMillis() {
        long since = this.openSince;
        return (since == NONE) ? 0 : Math.max(1, System.currentTimeMillis() - since);
    }

    private void exchange(KeptConnection connection) {
        long began = System.currentTimeMillis();
        this.openSince = began;
        String result = Tally.SERVED;
        String detail = "";
        try {
            RawResponse response = connection.exchange(this.kind::exchange);
            if (!this.kind.isServed(response)) {
                result = result(response);
                detail = response.summary();
            }
        } catch (UncheckedIOException ex) {
            // Such as "No route to host", which is no response of a server and a failure all the same.
            result = "UNREACHABLE";
            detail = ex.toString();
        }
        this.results.add(this.kind, result, began, detail);
        this.openSince = NONE;
    }

    private static String result(RawResponse response) {
        boolean whole = response.outcome() == Outcome.COMPLETE || response.outcome() == Outcome.UNAVAILABLE_503;
        return whole ? "HTTP_" + response.status() : response.outcome().name();
    }

    /** Who counts. */
    interface Results {

        /** One more exchange is over, which began at {@code beganMillis}. */
        void add(ClientKind kind, String result, long beganMillis, String detail);
    }
}

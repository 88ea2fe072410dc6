// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.KeptConnection;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/** A client that goes on, whatever comes back. For one thread. */
final class SteadyClient implements Runnable {

    private final ClientKind kind;

    private final RawClient client;

    private final BooleanSupplier ending;

    private final BiConsumer<ClientKind, String> results;

    private final AtomicLong exchanges = new AtomicLong();

    /** A client that reports to {@code results} what each request came to, until it is {@code ending}. */
    SteadyClient(ClientKind kind, RawClient client, BooleanSupplier ending, BiConsumer<ClientKind, String> results) {
        this.kind = kind;
        this.client = client;
        this.ending = ending;
        this.results = results;
    }

    @Override
    public void run() {
        try (KeptConnection connection = new KeptConnection(this.client)) {
            while (!this.ending.getAsBoolean()) {
                this.kind.pause();
                this.results.accept(this.kind, exchange(connection));
                this.exchanges.incrementAndGet();
                if (!this.kind.isKeeping()) {
                    connection.leave();
                }
            }
        }
    }

    /** How many of its exchanges are over. */
    long exchanges() {
        return this.exchanges.get();
    }

    private String exchange(KeptConnection connection) {
        try {
            return result(connection.exchange(this.kind::exchange));
        } catch (UncheckedIOException ex) {
            // Such as "No route to host", which is no response of a server and a failure all the same.
            return "UNREACHABLE";
        }
    }

    private static String result(RawResponse response) {
        boolean whole = response.outcome() == Outcome.COMPLETE || response.outcome() == Outcome.UNAVAILABLE_503;
        if (!whole) {
            return response.outcome().name();
        }
        return (response.status() == 200) ? LoadTally.SERVED : "HTTP_" + response.status();
    }
}

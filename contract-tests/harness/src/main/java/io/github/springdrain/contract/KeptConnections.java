// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Clients that keep their connections busy, without a pause and without a look at whether the server has ended them, until
 * they are refused.
 */
public final class KeptConnections {

    private static final Duration END_LIMIT = Duration.ofMinutes(1);

    private final ConcurrentClients<Long> clients;

    private KeptConnections(ConcurrentClients<Long> clients) {
        this.clients = clients;
    }

    /** Starts {@code count} of them, which ask for {@code /hello}. */
    public static KeptConnections start(RawClient client, int count) {
        return start(client, count, (connection) -> connection.request("GET", "/hello"));
    }

    /** Starts {@code count} of them, which send a request of another kind. */
    public static KeptConnections start(RawClient client, int count, Consumer<RawConnection> request) {
        return new KeptConnections(ConcurrentClients.start("kept", count, () -> lost(client, request)));
    }

    /** How many requests were lost; waits until all of the clients are refused. */
    public long lost() {
        return this.clients.results(END_LIMIT).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long lost(RawClient client, Consumer<RawConnection> request) {
        long lost = 0;
        while (true) {
            try (RawConnection connection = client.connect()) {
                RawResponse response;
                do {
                    request.accept(connection);
                    response = connection.read();
                } while (response.outcome() == Outcome.COMPLETE && !response.isConnectionClose());
                if (response.outcome().isLost()) {
                    lost++;
                }
            } catch (IOException ex) {
                return lost;
            }
        }
    }
}

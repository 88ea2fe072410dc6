// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The clients, in a process of their own so that they can live in a namespace of their own. Steered over standard
 * input: {@code tally}, {@code settle} and {@code end}. Ends with its input.
 */
final class LoadMain {

    static final String PREFIX = "@load ";

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(10);

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    private final List<SteadyClient> clients = new ArrayList<>();

    private volatile boolean ending;

    private LoadMain(RawClient client) {
        for (ClientKind kind : ClientKind.values()) {
            for (int i = 0; i < kind.clients(); i++) {
                this.clients.add(new SteadyClient(kind, client, () -> this.ending, this::count));
            }
        }
    }

    /** Takes the address and the port that the clients dial. */
    public static void main(String[] arguments) throws IOException {
        RawClient client = RawClient.plain(arguments[0], Integer.parseInt(arguments[1]));
        LoadMain main = new LoadMain(client.withPatience(PATIENCE));
        ConcurrentClients<?> concurrent = ConcurrentClients.start(
                "client", main.clients.stream().map(Executors::callable).toList());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (@Nullable String command = commands.readLine(); command != null; command = commands.readLine()) {
            main.obey(command, concurrent);
            System.out.println(PREFIX + main.tally().format());
        }
        System.exit(0);
    }

    private void obey(String command, ConcurrentClients<?> concurrent) {
        switch (command) {
            case "tally" -> {
                // The response to every command.
            }
            case "settle" -> settle();
            case "end" -> {
                this.ending = true;
                concurrent.results(LIMIT);
            }
            default -> throw new IllegalArgumentException("No such command: " + command);
        }
    }

    /** Waits until every request is over that is under way now. */
    private void settle() {
        List<Long> before = this.clients.stream().map(SteadyClient::exchanges).toList();
        Poll.until(
                "every client has ended its request",
                LIMIT,
                POLL,
                () -> IntStream.range(0, before.size())
                        .allMatch((i) -> this.clients.get(i).exchanges() > before.get(i)));
    }

    private void count(ClientKind kind, String result) {
        this.counts
                .computeIfAbsent(kind + ":" + result, (key) -> new LongAdder())
                .increment();
    }

    private LoadTally tally() {
        return new LoadTally(this.counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, (entry) -> entry.getValue().sum())));
    }
}

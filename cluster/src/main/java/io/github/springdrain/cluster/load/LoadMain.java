// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster.load;

import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * The clients of one pod. Writes what their requests came to, several times a second, and each failure, to standard
 * output; ends at SIGTERM, after the requests under way, or when its time is over.
 */
public final class LoadMain {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final long INTERVAL_MILLIS = 250;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    private final List<SteadyClient> clients = new ArrayList<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile boolean ending;

    private LoadMain(RawClient client, int factor) {
        for (ClientKind kind : ClientKind.values()) {
            for (int i = 0; i < kind.clients() * factor; i++) {
                this.clients.add(new SteadyClient(kind, client, () -> this.ending, this::add));
            }
        }
    }

    /** Takes the address, the port, how many times the usual number of clients there are, and the most seconds to run. */
    public static void main(String[] arguments) throws InterruptedException {
        RawClient client = RawClient.plain(arguments[0], Integer.parseInt(arguments[1]));
        new LoadMain(client, Integer.parseInt(arguments[2])).run(Duration.ofSeconds(Long.parseLong(arguments[3])));
    }

    private void run(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        ConcurrentClients<?> concurrent = ConcurrentClients.start(
                "client", this.clients.stream().map(Executors::callable).toList());
        Thread hook = new Thread(() -> end(concurrent), "load-end");
        Runtime.getRuntime().addShutdownHook(hook);
        while (System.nanoTime() < deadline && !this.ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
            if (!this.ending) {
                print(line(false).format());
            }
        }
        System.exit(0);
    }

    private void end(ConcurrentClients<?> concurrent) {
        this.ending = true;
        concurrent.results(LIMIT);
        print(line(true).format());
        this.ended.countDown();
    }

    private LoadLine line(boolean last) {
        // The clients before the counts: what ends in between is counted and still said to be under way.
        long now = System.currentTimeMillis();
        long oldest =
                this.clients.stream().mapToLong(SteadyClient::openMillis).max().orElse(0);
        return new LoadLine(now, oldest, tally(), last);
    }

    private Tally tally() {
        return new Tally(this.counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, (entry) -> entry.getValue().sum())));
    }

    private void add(ClientKind kind, String result, long beganMillis, String detail) {
        this.counts
                .computeIfAbsent(kind + ":" + result, (key) -> new LongAdder())
                .increment();
        if (!result.equals(Tally.SERVED)) {
            print(new FailedLine(beganMillis, System.currentTimeMillis(), kind + ":" + result, detail).format());
        }
    }

    private static void print(String line) {
        System.out.println(line);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import io.github.springdrain.contract.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What a server and its application note of the exchange that is under way. Thread-safe. */
final class ServerLog {

    /** What the names of counters begin with that are meters. */
    static final String METER = "metered ";

    private static final Duration QUIET = Duration.ofMillis(15);

    private static final int LOOKS = 200;

    /** How often to look again for responses that never come to be logged, such as those to broken requests. */
    private static final int UNLOGGED_LOOKS = 6;

    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    private final AtomicInteger logged = new AtomicInteger();

    private final AtomicInteger running = new AtomicInteger();

    private final List<Supplier<Map<String, Long>>> counters = new CopyOnWriteArrayList<>();

    private Map<String, Long> counted = Map.of();

    /** Uses what the container or the application's meters count by themselves. */
    void counters(Supplier<Map<String, Long>> newCounters) {
        this.counters.add(newCounters);
    }

    private Map<String, Long> counted() {
        Map<String, Long> all = new TreeMap<>();
        this.counters.forEach((counter) -> all.putAll(counter.get()));
        return all;
    }

    void begin() {
        this.running.incrementAndGet();
    }

    void end() {
        this.running.decrementAndGet();
    }

    /** Notes a line of the access log. */
    void log(int status, long bytes) {
        add("logged %d, %d bytes".formatted(status, bytes));
        this.logged.incrementAndGet();
    }

    void add(String line) {
        this.lines.add(line);
    }

    /** Begins anew. */
    void forget() {
        this.lines.clear();
        this.logged.set(0);
        this.counted = counted();
    }

    /** Returns what has come since the last call, when nothing is under way any more and the responses are logged. */
    List<String> take(int responses) {
        settle(responses);
        List<String> taken = new ArrayList<>();
        for (String line = this.lines.poll(); line != null; line = this.lines.poll()) {
            taken.add(line);
        }
        // Two requests of one exchange may be over at the same time.
        taken.sort(null);
        Map<String, Long> before = this.counted;
        this.counted = counted();
        this.counted.forEach((name, value) -> {
            long more = value - before.getOrDefault(name, 0L);
            // A meter is there from the first request of its kind on, which is not the same one for all servers.
            if (more != 0 || !name.startsWith(METER)) {
                taken.add("%s +%d".formatted(name, more));
            }
        });
        return taken;
    }

    private void settle(int responses) {
        String state = state();
        for (int i = 0; i < LOOKS; i++) {
            Moment.await(System.nanoTime(), QUIET);
            String next = state();
            boolean complete = this.running.get() == 0 && (this.logged.get() >= responses || i > UNLOGGED_LOOKS);
            if (next.equals(state) && complete) {
                return;
            }
            state = next;
        }
    }

    private String state() {
        return this.lines.size() + " " + counted();
    }
}

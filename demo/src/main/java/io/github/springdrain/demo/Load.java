// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import io.github.springdrain.contract.KeepAliveClient;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients of every kind that keep at it, whatever comes back, until they are stopped. Used once, by one thread. */
final class Load implements AutoCloseable {

    static final int KEEP_ALIVE_CLIENTS = 20;

    static final int UPLOADERS = 6;

    static final int EARLY_RESPONSEED = 2;

    static final int SLOW_CLIENTS = 48;

    private static final long NANOS_BETWEEN_ONE_SHOTS = 10_000_000;

    private static final Duration LONGEST_THINK = Duration.ofMillis(200);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMillis(500);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private final RawClient client;

    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();

    /** Failures of the clients themselves, which say nothing about the server. */
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    private final Queue<KeepAliveClient> keepAlive = new ConcurrentLinkedQueue<>();

    private final CountDownLatch ending = new CountDownLatch(1);

    private final ScheduledExecutorService metronome = Executors.newSingleThreadScheduledExecutor(threads("metronome"));

    private final ExecutorService clients = Executors.newCachedThreadPool(threads("client"));

    Load(RawClient client) {
        this.client = client.withPatience(PATIENCE);
    }

    /** What {@link #begin()} starts, in words. */
    static String description() {
        return "%d new connections a second, %d keep-alive clients, %d trickled uploads, %d bodies nobody reads"
                .formatted(1_000_000_000 / NANOS_BETWEEN_ONE_SHOTS, KEEP_ALIVE_CLIENTS, UPLOADERS, EARLY_RESPONSEED);
    }

    /** Starts everything but the slow requests. */
    void begin() {
        var unused = this.metronome.scheduleAtFixedRate(
                () -> start(1, () -> attempt(Request.HELLO)), 0, NANOS_BETWEEN_ONE_SHOTS, TimeUnit.NANOSECONDS);
        start(KEEP_ALIVE_CLIENTS, this::keepAlive);
        start(UPLOADERS, () -> repeat(List.of(Request.UPLOAD)));
        start(EARLY_RESPONSEED, () -> repeat(List.of(Request.REJECT, Request.REVEAL)));
    }

    /** Starts all slow requests at once. */
    void burst() {
        start(SLOW_CLIENTS, () -> repeat(List.of(Request.SLOW)));
    }

    /** Has one request after the other hold the thread that accepts connections. */
    void hold() {
        start(1, () -> repeat(List.of(Request.BLOCK)));
    }

    /** Lets what is under way end, and returns everything that was tried. */
    List<Attempt> end() {
        this.ending.countDown();
        this.metronome.shutdownNow();
        this.keepAlive.forEach(KeepAliveClient::end);
        this.clients.shutdown();
        try {
            if (!this.clients.awaitTermination(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("Some clients have not ended after " + END_LIMIT);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
        if (!this.failures.isEmpty()) {
            throw new IllegalStateException(
                    this.failures.size() + " clients failed, one of them so", this.failures.peek());
        }
        return List.copyOf(this.attempts);
    }

    @Override
    public void close() {
        this.ending.countDown();
        this.metronome.shutdownNow();
        this.clients.shutdownNow();
    }

    private void start(int size, Runnable behaviour) {
        for (int i = 0; i < size; i++) {
            this.clients.execute(() -> run(behaviour));
        }
    }

    private void run(Runnable behaviour) {
        try {
            behaviour.run();
        } catch (RuntimeException ex) {
            this.failures.add(ex);
        }
    }

    private Result attempt(Request request) {
        Attempt attempt = request.attempt(this.client);
        this.attempts.add(attempt);
        return attempt.result();
    }

    private void repeat(List<Request> requests) {
        Duration pause;
        int next = 0;
        do {
            Result result = attempt(requests.get(next));
            next = (next + 1) % requests.size();
            pause = (result == Result.REFUSED) ? PAUSE_AFTER_REFUSAL : PAUSE;
        } while (!endsWithin(pause));
    }

    /** A client of the harness ends when it is refused; this one comes back. */
    private void keepAlive() {
        do {
            var one = new KeepAliveClient(this.client, LONGEST_THINK);
            this.keepAlive.add(one);
            if (this.ending.getCount() == 0) {
                one.end();
            }
            one.call().forEach(this::record);
            this.keepAlive.remove(one);
        } while (!endsWithin(PAUSE_AFTER_REFUSAL));
    }

    private void record(KeepAliveClient.Exchange exchange) {
        RawResponse response = exchange.response();
        boolean due = response.status() == 200 && response.text().equals("hello");
        this.attempts.add(new Attempt(ClientKind.KEEP_ALIVE, Result.of(response, due), exchange.respondedAtNanos()));
    }

    private boolean endsWithin(Duration pause) {
        try {
            return this.ending.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static ThreadFactory threads(String name) {
        var count = new AtomicInteger();
        return (task) -> {
            var thread = new Thread(task, "demo-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that ask as fast as responses come. Each thread sends a request on every one of its connections and then
 * reads all the responses, so the server always has some to work on.
 *
 * @param threads how many threads ask
 * @param connections how many connections they have together
 */
record Load(int threads, int connections) {

    /** Asks for {@code duration}; returns how many responses came. */
    long run(int port, ConnectionUse use, Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        ExecutorService pool = Executors.newFixedThreadPool(this.threads);
        try {
            long responded = 0;
            for (Future<Long> thread : pool.invokeAll(clients(port, use, end))) {
                responded += thread.get();
            }
            return responded;
        } catch (ExecutionException ex) {
            throw new IllegalStateException("A request has failed; the measurement is void", ex.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Callable<Long>> clients(int port, ConnectionUse use, long end) {
        List<Callable<Long>> clients = new ArrayList<>();
        for (int i = 0; i < this.threads; i++) {
            clients.add(() -> ask(port, use, end));
        }
        return clients;
    }

    private long ask(int port, ConnectionUse use, long end) throws IOException {
        List<HelloConnection> mine = new ArrayList<>();
        for (int i = 0; i < Math.max(1, this.connections / this.threads); i++) {
            mine.add(new HelloConnection(port, use));
        }
        try {
            long responded = 0;
            while (System.nanoTime() - end < 0) {
                for (HelloConnection connection : mine) {
                    connection.send();
                }
                for (HelloConnection connection : mine) {
                    connection.receive();
                }
                responded += mine.size();
            }
            return responded;
        } finally {
            for (HelloConnection connection : mine) {
                connection.close();
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Measures {@code /hello} of the sample with the starter on and off. Both servers run all the time and are measured in
 * turns, so that a machine that gets slower or faster meanwhile does so for both; they are started more than once, as
 * no two JVMs compile the same code alike. The figure to trust is the processor
 * time per request: clients and server share the machine, so requests per second say as much about the clients.
 */
public final class Throughput {

    private final Load load;

    private final Duration warmup;

    private final Duration round;

    private final int rounds;

    private final int starts;

    private Throughput() {
        this.load =
                new Load(Integer.getInteger("benchmark.threads", 2), Integer.getInteger("benchmark.connections", 16));
        this.warmup = Duration.ofSeconds(Integer.getInteger("benchmark.warmup", 10));
        this.round = Duration.ofSeconds(Integer.getInteger("benchmark.seconds", 3));
        this.rounds = Integer.getInteger("benchmark.rounds", 7);
        this.starts = Integer.getInteger("benchmark.starts", 2);
    }

    /** Measures each runnable jar of the sample that {@code args} names. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 0) {
            throw new IllegalArgumentException("Expected the path of one runnable jar of the sample, or of several");
        }
        Throughput throughput = new Throughput();
        for (String jar : args) {
            throughput.measure(Path.of(jar).normalize());
        }
    }

    private void measure(Path jar) throws InterruptedException {
        System.out.printf(
                "%n%s on Java %s, %d processors; %d x %d rounds of %d s, %d connections from %d threads%n",
                jar.getFileName(),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                this.starts,
                this.rounds,
                this.round.toSeconds(),
                this.load.connections(),
                this.load.threads());
        List<Comparison> comparisons =
                Arrays.stream(ConnectionUse.values()).map(Comparison::new).toList();
        for (int i = 0; i < this.starts; i++) {
            compare(jar, comparisons);
        }
        System.out.print(Comparison.header());
        comparisons.forEach((comparison) -> System.out.print(comparison.rows()));
    }

    private void compare(Path jar, List<Comparison> comparisons) throws InterruptedException {
        try (SampleServer on = SampleServer.start(jar, true);
                SampleServer off = SampleServer.start(jar, false)) {
            for (Comparison comparison : comparisons) {
                this.load.run(on.port(), comparison.use(), this.warmup);
                this.load.run(off.port(), comparison.use(), this.warmup);
                compare(on, off, comparison);
            }
        }
    }

    private void compare(SampleServer on, SampleServer off, Comparison comparison) throws InterruptedException {
        for (int i = 0; i < this.rounds; i++) {
            // The order changes, so that neither is always measured on what the other has left behind.
            boolean onFirst = i % 2 == 0;
            comparison.add(onFirst, measure(onFirst ? on : off, comparison.use()));
            comparison.add(!onFirst, measure(onFirst ? off : on, comparison.use()));
        }
    }

    private Measurement measure(SampleServer server, ConnectionUse use) throws InterruptedException {
        Duration cpuBefore = server.cpuTime();
        long start = System.nanoTime();
        long requests = this.load.run(server.port(), use, this.round);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        return new Measurement(requests, elapsed, server.cpuTime().minus(cpuBefore));
    }
}

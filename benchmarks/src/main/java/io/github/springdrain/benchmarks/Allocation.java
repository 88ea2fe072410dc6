// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.management.remote.JMXConnector;

/**
 * Measures the bytes that the sample's threads allocate for one {@code /hello}, with the starter on and off. The JVM
 * counts them for each thread, so the figure hardly depends on how busy the machine is; what is allocated beside
 * requests, for JMX above all, is divided by so many requests that it does not show.
 */
public final class Allocation {

    private final Load load;

    private final Duration warmup;

    private final Duration round;

    private final int rounds;

    private Allocation() {
        this.load =
                new Load(Integer.getInteger("benchmark.threads", 2), Integer.getInteger("benchmark.connections", 16));
        this.warmup = Duration.ofSeconds(Integer.getInteger("benchmark.warmup", 10));
        this.round = Duration.ofSeconds(Integer.getInteger("benchmark.seconds", 3));
        this.rounds = Integer.getInteger("benchmark.rounds", 7);
    }

    /** Measures each runnable jar of the sample that {@code args} names. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (String jar : args) {
            new Allocation().measure(Path.of(jar).normalize());
        }
    }

    private void measure(Path jar) throws IOException, InterruptedException {
        System.out.printf(
                "%n%s on Java %s: bytes allocated for one /hello; %d rounds of %d s%n",
                jar.getFileName(), Runtime.version(), this.rounds, this.round.toSeconds());
        for (ConnectionUse use : ConnectionUse.values()) {
            for (boolean drainEnabled : List.of(true, false)) {
                System.out.printf(
                        "%-18s %-4s %s%n",
                        use.label(),
                        drainEnabled ? "on" : "off",
                        Comparison.spread("%.0f", bytesPerRequest(jar, use, drainEnabled)));
            }
        }
    }

    private double[] bytesPerRequest(Path jar, ConnectionUse use, boolean drainEnabled)
            throws IOException, InterruptedException {
        JmxPort jmx = JmxPort.free();
        try (SampleServer server = SampleServer.start(jar, drainEnabled, jmx.jvmArguments(), List.of());
                JMXConnector connector = jmx.connect()) {
            ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            this.load.run(server.port(), use, this.warmup);
            double[] values = new double[this.rounds];
            for (int i = 0; i < this.rounds; i++) {
                long before = allocated(threads);
                long requests = this.load.run(server.port(), use, this.round);
                values[i] = (double) (allocated(threads) - before) / requests;
            }
            return values;
        }
    }

    /** By all threads that live: the sample's pools keep theirs for the length of a round. */
    private static long allocated(ThreadMXBean threads) {
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter((bytes) -> bytes > 0)
                .sum();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import io.github.springdrain.contract.Backlog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures how fast a drain of Tomcat empties a full accept queue, beside a loop that accepts and closes and does nothing
 * else. Tomcat is held at a limit of connections until the drain lifts it. {@code net.core.somaxconn} has to allow the
 * queue.
 */
public final class QueueEmptying {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private QueueEmptying() {}

    /** Measures each runnable jar of the sample with Tomcat that {@code args} names. */
    public static void main(String[] args) throws IOException {
        int queue = Integer.getInteger("benchmark.queue", 4096);
        int rounds = Integer.getInteger("benchmark.rounds", 7);
        for (String jar : args) {
            double[] drained = new double[rounds];
            double[] bare = new double[rounds];
            double[] ratios = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                bare[i] = bare(queue);
                drained[i] = drained(Path.of(jar).normalize(), queue);
                ratios[i] = drained[i] / bare[i];
            }
            System.out.printf(
                    "%n%s on Java %s: connections per second out of an accept queue of %d%n",
                    Path.of(jar).getFileName(), Runtime.version(), queue);
            System.out.printf("drain      %s%n", Comparison.spread("%.0f", drained));
            System.out.printf("bare loop  %s%n", Comparison.spread("%.0f", bare));
            System.out.printf("ratio      %s%n", Comparison.spread("%.3f", ratios));
        }
    }

    private static double drained(Path jar, int queue) throws IOException {
        List<String> limits = List.of(
                "--server.tomcat.max-connections=1",
                "--server.tomcat.accept-count=" + queue,
                "--server.drain.accept-queue.timeout=30s");
        try (SampleServer server = SampleServer.start(jar, true, List.of(), limits)) {
            List<SocketChannel> clients = connect(server.port(), queue + 2);
            int waiting = Backlog.length(server.port());
            server.terminate();
            long from = moment(server, "Drain EMPTYING_ACCEPT_QUEUE");
            long to = moment(server, "Drain CLOSED_TO_NEW");
            close(clients);
            return waiting * 1e9 / (to - from);
        }
    }

    private static long moment(SampleServer server, String line) {
        return server.output().await((each) -> each.contains(line), LIMIT).atNanos();
    }

    private static double bare(int queue) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), queue);
            List<SocketChannel> clients = connect(listener.socket().getLocalPort(), queue);
            SocketChannel[] accepted = new SocketChannel[queue];
            long start = System.nanoTime();
            for (int i = 0; i < queue; i++) {
                accepted[i] = listener.accept();
            }
            double perSecond = queue * 1e9 / (System.nanoTime() - start);
            close(clients);
            close(Arrays.asList(accepted));
            return perSecond;
        }
    }

    private static List<SocketChannel> connect(int port, int count) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
        return clients;
    }

    private static void close(List<SocketChannel> channels) throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}

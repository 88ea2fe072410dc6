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
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;

/**
 * Measures how fast a drain of Tomcat empties a full accept queue, beside what Tomcat does by itself without the starter,
 * and beside a loop that accepts and does nothing with what it gets. Tomcat is held at a limit of one connection: the drain
 * lifts it, or JMX does. {@code net.core.somaxconn} has to allow the queue.
 */
public final class QueueEmptying {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private QueueEmptying() {}

    /** Measures each runnable jar of the sample with Tomcat that {@code args} names. */
    public static void main(String[] args) throws IOException, JMException {
        int queue = Integer.getInteger("benchmark.queue", 4096);
        int rounds = Integer.getInteger("benchmark.rounds", 7);
        for (String arg : args) {
            Path jar = Path.of(arg).normalize();
            double[] emptied = new double[rounds];
            double[] phase = new double[rounds];
            double[] alone = new double[rounds];
            double[] bare = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                Drained drained = drained(jar, queue);
                emptied[i] = drained.untilEmpty();
                phase[i] = drained.untilClosed();
                alone[i] = alone(jar, queue);
                bare[i] = bare(queue);
            }
            System.out.printf(
                    "%n%s on Java %s: connections per second out of an accept queue of %d%n",
                    jar.getFileName(), Runtime.version(), queue);
            System.out.printf("drain, until the queue is empty    %s%n", Comparison.spread("%.0f", emptied));
            System.out.printf("drain, until the listener closes   %s%n", Comparison.spread("%.0f", phase));
            System.out.printf("Tomcat without the starter         %s%n", Comparison.spread("%.0f", alone));
            System.out.printf("bare loop                          %s%n", Comparison.spread("%.0f", bare));
            System.out.printf("drain/Tomcat                       %s%n", ratio(emptied, alone));
            System.out.printf("drain/bare loop                    %s%n", ratio(emptied, bare));
        }
    }

    private static String ratio(double[] numerators, double[] denominators) {
        double[] ratios = new double[numerators.length];
        Arrays.setAll(ratios, (i) -> numerators[i] / denominators[i]);
        return Comparison.spread("%.3f", ratios);
    }

    private static Drained drained(Path jar, int queue) throws IOException {
        List<String> settings = heldAtOneConnection(queue, "--server.drain.accept-queue.timeout=30s");
        try (SampleServer server = SampleServer.start(jar, true, List.of(), settings)) {
            List<SocketChannel> clients = connect(server.port(), queue + 2);
            int waiting = Backlog.length(server.port());
            server.terminate();
            long start = moment(server, "Drain EMPTYING_ACCEPT_QUEUE");
            double untilEmpty = perSecond(waiting, start, emptyAt(server.port()));
            double untilClosed = perSecond(waiting, start, moment(server, "Drain CLOSED_TO_NEW"));
            close(clients);
            return new Drained(untilEmpty, untilClosed);
        }
    }

    private static double alone(Path jar, int queue) throws IOException, JMException {
        JmxPort jmx = JmxPort.free();
        List<String> settings = heldAtOneConnection(queue, "--server.tomcat.mbeanregistry.enabled=true");
        try (SampleServer server = SampleServer.start(jar, false, jmx.jvmArguments(), settings);
                JMXConnector connector = jmx.connect()) {
            List<SocketChannel> clients = connect(server.port(), queue + 2);
            int waiting = Backlog.length(server.port());
            ObjectName endpoint =
                    new ObjectName("Tomcat:type=ThreadPool,name=\"http-nio-%d\"".formatted(server.port()));
            connector.getMBeanServerConnection().setAttribute(endpoint, new Attribute("maxConnections", 2 * queue));
            // A connection that ends wakes the acceptor, which waits for the limit that it found.
            clients.get(0).close();
            long start = System.nanoTime();
            long end = emptyAt(server.port());
            close(clients);
            return perSecond(waiting, start, end);
        }
    }

    private static List<String> heldAtOneConnection(int queue, String more) {
        return List.of("--server.tomcat.max-connections=1", "--server.tomcat.accept-count=" + queue, more);
    }

    private static double perSecond(int connections, long fromNanos, long toNanos) {
        return connections * 1e9 / (toNanos - fromNanos);
    }

    private static long emptyAt(int port) {
        Backlog.awaitEmpty(port, LIMIT);
        return System.nanoTime();
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

    /** Connections per second. */
    private record Drained(double untilEmpty, double untilClosed) {}
}

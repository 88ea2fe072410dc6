// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import io.github.springdrain.contract.JvmUse;
import io.github.springdrain.contract.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures what many lingering connections cost: heap for each of them, threads, and the latency of {@code /hello} beside
 * them. Needs as many file descriptors as there are connections, in both processes.
 */
public final class Lingering {

    private static final Pattern USED = Pattern.compile("(?:generation|Heap|heap).*? used (\\d+)K");

    private static final Pattern LINGERING = Pattern.compile("\"lingering\":(\\d+)");

    private static final int HELLOS = 20_000;

    private Lingering() {}

    /** Measures each runnable jar of the sample that {@code args} names. */
    public static void main(String[] args) throws IOException {
        int connections = Integer.getInteger("benchmark.lingering", 10_000);
        for (String jar : args) {
            measure(Path.of(jar).normalize(), connections);
        }
    }

    private static void measure(Path jar, int connections) throws IOException {
        List<String> limits = List.of(
                "--server.drain.linger.max-connections=" + 2 * connections,
                "--server.drain.linger.idle-timeout=600s",
                "--server.drain.linger.timeout=1200s",
                "--server.tomcat.max-connections=" + 2 * connections);
        List<SocketChannel> lingering = new ArrayList<>();
        try (SampleServer server = SampleServer.start(jar, true, List.of(), limits)) {
            percentile(server); // warms up
            long before = percentile(server);
            lingering.add(reject(server));
            long heapBefore = JvmUse.kilobytes(server.pid(), USED);
            int threadsBefore = JvmUse.threads(server.pid());
            for (int i = 0; i < connections; i++) {
                lingering.add(reject(server));
            }
            long counted = counted(server);
            long heap = JvmUse.kilobytes(server.pid(), USED) - heapBefore;
            long beside = percentile(server);
            System.out.printf(
                    "%n%s on Java %s: %d connections linger: %d bytes of heap each, %d threads more; "
                            + "p99 of /hello %d us without and %d us beside them, %.3f%n",
                    jar.getFileName(),
                    Runtime.version(),
                    counted,
                    heap * 1024 / connections,
                    JvmUse.threads(server.pid()) - threadsBefore,
                    before / 1000,
                    beside / 1000,
                    (double) beside / before);
        } finally {
            for (SocketChannel each : lingering) {
                each.close();
            }
        }
    }

    /** One early response whose body never ends. */
    private static SocketChannel reject(SampleServer server) throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        write(
                channel,
                "POST /reject HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1000000000\r\n\r\na");
        // To the FIN: from then on the connection lingers.
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (channel.read(buffer.clear()) >= 0) {
            // The response is the same every time.
        }
        return channel;
    }

    /** The 99th percentile of {@code /hello} on a connection that is kept, in nanoseconds. */
    private static long percentile(SampleServer server) throws IOException {
        long[] nanos = new long[HELLOS];
        HelloConnection connection = new HelloConnection(server.port(), ConnectionUse.KEEP_ALIVE);
        try {
            for (int i = 0; i < HELLOS; i++) {
                long start = System.nanoTime();
                connection.send();
                connection.receive();
                nanos[i] = System.nanoTime() - start;
            }
        } finally {
            connection.close();
        }
        Arrays.sort(nanos);
        return nanos[HELLOS * 99 / 100];
    }

    private static long counted(SampleServer server) {
        Matcher matcher = LINGERING.matcher(RawClient.plain("localhost", server.port())
                .get("/actuator/drain")
                .text());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a thread pays for closing a connection: plainly, or by handing it over to linger. Each call closes a loopback
 * connection of its own, opened and cleared away outside the measured time. The time that the lingering thread spends
 * later is not in it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LingeringCloserBenchmark {

    /** Closes the channel and nothing else. */
    @Benchmark
    public void closePlainly(OpenPeer connection) throws IOException {
        connection.server.close();
    }

    /** Sends FIN and leaves the rest to the thread. */
    @Benchmark
    public void handOver(OpenPeer connection) {
        connection.closer.linger(connection.server, null, true);
    }

    /** Sends FIN, finds the end of the peer's side and closes. */
    @Benchmark
    public void closeWithClosedPeer(ClosedPeer connection) {
        connection.closer.linger(connection.server, null, true);
    }

    /** A connection whose peer keeps its side open until the measured call is over. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH sets a state up before it hands it over
    public static class OpenPeer {

        final LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

        ServerSocketChannel listener;

        SocketChannel client;

        SocketChannel server;

        /** Opens the listener. */
        @Setup
        public void listen() throws IOException {
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            this.listener = ServerSocketChannel.open().bind(anyPort);
        }

        /** Opens the next connection. */
        @Setup(Level.Invocation)
        public void connect() throws IOException {
            this.client = SocketChannel.open(this.listener.getLocalAddress());
            this.server = this.listener.accept();
            this.server.configureBlocking(false);
        }

        /** Closes the peer, so that lingering ends. */
        @TearDown(Level.Invocation)
        public void disconnect() throws IOException {
            this.client.close();
        }

        /** Ends the thread. */
        @TearDown
        public void close() throws IOException {
            this.closer.close();
            this.listener.close();
        }
    }

    /** A connection whose peer has closed its side before. */
    public static class ClosedPeer extends OpenPeer {

        @Override
        @Setup(Level.Invocation)
        public void connect() throws IOException {
            super.connect();
            this.client.close();
        }
    }
}

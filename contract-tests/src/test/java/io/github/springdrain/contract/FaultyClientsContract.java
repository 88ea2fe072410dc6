// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are slow, gone or broken when their server leaves: they use up their own time and nobody else's. */
abstract class FaultyClientsContract {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration DEADLINE = Duration.ofSeconds(12);

    private static final int FEW = 8;

    private final Target target;

    private final long seed = Long.getLong("faults.seed", 20_240_607L);

    FaultyClientsContract(Target target) {
        this.target = target;
    }

    /** A byte a second of a head that never ends, and of bodies that never end. */
    @Test
    void clientsThatTrickleAndStallEndAtTheDeadlineAtTheLatest() throws IOException {
        try (SampleProcess server = start(this.target.sample())) {
            Bystanders bystanders = new Bystanders(server);
            Slow slow = Slow.of(server);
            long signal = server.terminate();
            assertThat(bystanders.finishUpload().summary()).startsWith("COMPLETE 200");
            DrainVerdict verdict = DrainVerdict.of(server);
            slow.trickles.results(LIMIT);
            this.target.print("%d clients that trickle, %d that stall: gone %d ms after the signal (deadline: %d); %s"
                    .formatted(
                            slow.trickling.size(),
                            slow.stalled.size(),
                            verdict.exit().since(signal).toMillis(),
                            DEADLINE.toMillis(),
                            verdict.report()));
            verdict.inTime(signal, DEADLINE).forced().quietItself("Drain forced");
            // Heads that trickle and uploads of both kinds; a rejected body is no work, and a stalled head was given
            // up.
            assertThat(verdict.aborted()).isBetween(2 * FEW, 3 * FEW + FEW);
            bystanders.assertUnharmed(signal);
        }
    }

    /** Their machines are gone: no FIN, no RST, no ACK. */
    @Test
    void peersThatVanishAreNotWaitedForBeyondTheDeadline() throws IOException {
        try (SampleProcess server = start(this.target.sample());
                VanishedPeers vanished = new VanishedPeers()) {
            Bystanders bystanders = new Bystanders(server);
            List<RawConnection> peers = vanish(server, vanished);
            long signal = server.terminate();
            assertThat(bystanders.finishUpload().summary()).startsWith("COMPLETE 200");
            DrainVerdict verdict = DrainVerdict.of(server);
            this.target.print("%d peers that vanished: gone %d ms after the signal (deadline: %d); %s"
                    .formatted(
                            peers.size(),
                            verdict.exit().since(signal).toMillis(),
                            DEADLINE.toMillis(),
                            verdict.report()));
            verdict.inTime(signal, DEADLINE).quietItself("Drain forced");
            // Nobody can know that the rest of the uploads will never come.
            verdict.forced();
            assertThat(verdict.aborted()).isBetween(FEW, 2 * FEW);
            bystanders.assertUnharmed(signal);
        }
    }

    /** RST and FIN at every byte of requests of every kind, half before the signal and half while the drain runs. */
    @Test
    void connectionsThatBreakOffAtAnyByteAreNotWaitedFor() throws IOException {
        Random random = new Random(this.seed);
        try (SampleProcess server = start(this.target.sample())) {
            Bystanders bystanders = new Bystanders(server);
            List<BrokenRequest> broken = brokenRequests(server, random);
            int half = broken.size() / 2;
            broken.subList(0, half).forEach(BrokenRequest::breakOff);
            broken.subList(half, broken.size()).forEach(BrokenRequest::begin);
            long signal = server.terminate();
            server.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
            broken.subList(half, broken.size()).forEach(BrokenRequest::end);
            assertThat(bystanders.finishUpload().summary()).startsWith("COMPLETE 200");
            DrainVerdict verdict = DrainVerdict.of(server);
            this.target.print("%d requests broken off (seed %d): gone %d ms after the signal (deadline: %d); %s"
                    .formatted(
                            broken.size(),
                            this.seed,
                            verdict.exit().since(signal).toMillis(),
                            DEADLINE.toMillis(),
                            verdict.report()));
            verdict.inTime(signal, DEADLINE).graceful().quietItself();
            bystanders.assertUnharmed(signal);
        }
    }

    /** The same faults beside plain Spring Boot, whose other clients lose requests, on some containers by chance. */
    @ParameterizedTest
    @ValueSource(strings = {"slow", "vanished", "broken off"})
    void withoutTheDrainOthersAreHarmed(String fault) {
        this.target.assumeCommonControl();
        assertThat(Control.lostByChance(() -> harmedWithoutTheDrain(fault))).isPositive();
    }

    private int harmedWithoutTheDrain(String fault) {
        Random random = new Random(this.seed);
        try (SampleProcess server = start(this.target
                        .control()
                        .with("--spring.lifecycle.timeout-per-shutdown-phase=" + DEADLINE.toSeconds() + "s"));
                VanishedPeers vanished = new VanishedPeers()) {
            Bystanders bystanders = new Bystanders(server);
            switch (fault) {
                case "slow" -> Slow.of(server);
                case "vanished" -> vanish(server, vanished);
                default -> brokenRequests(server, random).forEach(BrokenRequest::breakOff);
            }
            long signal = server.terminate();
            boolean uploaded = bystanders.finishUpload().summary().startsWith("COMPLETE 200");
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            int harmed = bystanders.harmed(signal) + (uploaded ? 0 : 1);
            this.target.print("%s clients without the drain: gone %d ms after the signal, %d requests of others lost"
                    .formatted(fault, exit.since(signal).toMillis(), harmed));
            return harmed;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static List<RawConnection> vanish(SampleProcess server, VanishedPeers vanished) throws IOException {
        List<RawConnection> peers = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            RawConnection kept = server.client().connect();
            kept.request("GET", "/hello").readResponse();
            peers.add(kept);
            peers.add(server.client().connect().write("GET /hello HTTP/1.1\r\nHo"));
            peers.add(server.client().connect().head("POST", "/upload", 1 << 20).body(1000));
            peers.add(server.client().connect().request("GET", "/slow?ms=2000"));
            peers.add(server.client().connect().head("POST", "/reject", 1 << 20).body(1000));
        }
        Backlog.awaitEmpty(server.port(), LIMIT);
        Moment.await(System.nanoTime(), Duration.ofMillis(300));
        vanished.add(server.port(), peers);
        return peers;
    }

    private static List<BrokenRequest> brokenRequests(SampleProcess server, Random random) throws IOException {
        List<BrokenRequest> broken = new ArrayList<>();
        for (String request : BrokenRequest.KINDS) {
            for (int offset = 0; offset <= request.length(); offset += 1 + random.nextInt(3)) {
                broken.add(new BrokenRequest(server.client().connect(), request, offset, random.nextBoolean()));
            }
        }
        broken.forEach((one) -> one.connection().handshake());
        Backlog.awaitEmpty(server.port(), LIMIT);
        return broken;
    }

    private SampleProcess start(SampleProcess.Builder sample) {
        return sample.with(
                        "--server.drain.timeout=" + DEADLINE.toSeconds() + "s",
                        "--server.drain.accept-queue.timeout=10s")
                .with(this.target.variant().workerThreads(100))
                .start();
    }

    /**
     * Clients that send a byte a second, and others that send no more.
     *
     * @param trickles the ones that go on, until their connection fails
     */
    private record Slow(
            List<RawConnection> trickling, List<RawConnection> stalled, ConcurrentClients<Integer> trickles) {

        static Slow of(SampleProcess server) throws IOException {
            List<RawConnection> trickling = new ArrayList<>();
            List<RawConnection> stalled = new ArrayList<>();
            for (int i = 0; i < FEW; i++) {
                trickling.add(server.client().connect().write("GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
                trickling.add(server.client()
                        .connect()
                        .head("POST", "/upload", 1 << 20)
                        .body(1));
                trickling.add(server.client()
                        .connect()
                        .head("POST", "/reject", 1 << 20)
                        .body(1));
                stalled.add(server.client().connect().write("GET /hello HTTP/1.1\r\nHo"));
                stalled.add(server.client()
                        .connect()
                        .head("POST", "/upload", 1 << 20)
                        .body(1000));
                stalled.add(server.client()
                        .connect()
                        .chunkedHead("POST", "/reveal?bytes=1000")
                        .write("5\r\nab"));
            }
            Backlog.awaitEmpty(server.port(), LIMIT);
            return new Slow(trickling, stalled, ConcurrentClients.forEach("trickle", trickling, (connection) -> {
                int bytes = 0;
                while (connection.failure() == null) {
                    connection.write("a");
                    bytes++;
                    Moment.await(System.nanoTime(), Duration.ofSeconds(1));
                }
                return bytes;
            }));
        }
    }

    /** A request of which only so many bytes are sent. */
    private record BrokenRequest(RawConnection connection, String request, int offset, boolean reset) {

        static final List<String> KINDS = List.of(
                "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n0123456789abcdefghij",
                "POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
                "POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n0123456789abcdefghij");

        void begin() {
            byte[] bytes = this.request.substring(0, this.offset).getBytes(StandardCharsets.US_ASCII);
            this.connection.write(bytes, 0, bytes.length);
        }

        void end() {
            if (this.reset) {
                this.connection.abort();
            } else {
                this.connection.close();
            }
        }

        void breakOff() {
            begin();
            end();
        }
    }

    /** Peers whose packets are dropped in both directions. Needs root and nftables. */
    private static final class VanishedPeers implements AutoCloseable {

        private final String table = "drain_faults_" + ProcessHandle.current().pid();

        private final Thread hook = new Thread(this::remove, "vanished-peers-removal");

        private final List<RawConnection> peers = new ArrayList<>();

        VanishedPeers() {
            assumeTrue(
                    Command.run("nft", "add", "table", "inet", this.table).code() == 0,
                    "root and nftables are needed to drop packets");
            Runtime.getRuntime().addShutdownHook(this.hook);
        }

        /** Other servers may have clients with the same ports meanwhile. */
        void add(int serverPort, List<RawConnection> vanishing) {
            this.peers.addAll(vanishing);
            String ports = vanishing.stream()
                    .map((peer) -> Integer.toString(peer.localPort()))
                    .collect(Collectors.joining(", ", "{ ", " }"));
            Command.require(List.of("nft", "-f", "-"), """
                    table inet %1$s {
                      chain sent {
                        type filter hook output priority 0
                        tcp dport %2$d tcp sport %3$s drop
                        tcp sport %2$d tcp dport %3$s drop
                      }
                    }
                    """.formatted(this.table, serverPort, ports));
        }

        private void remove() {
            Command.run("nft", "delete", "table", "inet", this.table);
        }

        @Override
        public void close() {
            remove();
            Runtime.getRuntime().removeShutdownHook(this.hook);
            this.peers.forEach(RawConnection::abort);
        }
    }
}

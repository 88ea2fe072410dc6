// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A minute of contexts that are opened, used and drained one after the other in one JVM: nothing of them stays. */
abstract class SoakContract {

    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("faults.soak", 60));

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What Spring keeps as long as there is memory for it, such as environments of contexts, does not stay either. */
    private static final String NO_SOFT_REFERENCES = "-XX:SoftRefLRUPolicyMSPerMB=0";

    private static final int WARM_UP = 3;

    private static final int FEWEST = 3;

    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private final Target target;

    SoakContract(Target target) {
        this.target = target;
    }

    @Test
    void nothingOfADrainedContextStays() throws IOException {
        try (CyclingServer server = CyclingServer.start(this.target.variant(), NO_SOFT_REFERENCES)) {
            for (int i = 0; i < WARM_UP; i++) {
                cycle(server);
            }
            Use before = Use.of(server);
            long start = System.nanoTime();
            int cycles = 0;
            while (cycles < FEWEST || System.nanoTime() - start < LENGTH.toNanos()) {
                cycle(server);
                cycles++;
            }
            int mostThreads = before.threads().size() + 3;
            awaitThreads(server, mostThreads);
            Use after = Use.of(server);
            this.target.print("soak of %d contexts: %s before, %s after".formatted(cycles, before, after));
            assertThat(server.output().lines((line) -> line.contains("Drain report:")))
                    .hasSize(WARM_UP + cycles)
                    .allMatch((line) -> line.contains("graceful"));
            assertThat(after.threads())
                    .as("threads; before: %s", before.threads())
                    .hasSizeLessThanOrEqualTo(mostThreads);
            assertThat(after.descriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors() + 5);
            // A context of the sample holds more than a megabyte.
            assertThat(after.heapKilobytes() - before.heapKilobytes())
                    .as("kilobytes of heap")
                    .isLessThan(1024L + 300L * cycles);
        }
    }

    private void cycle(CyclingServer server) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--server.drain.linger.idle-timeout=1s"));
        arguments.add("--spring.jmx.enabled=false");
        if (this.target.tls()) {
            arguments.addAll(TlsMaterial.serverArguments());
        }
        server.open(arguments);
        RawClient client = this.target.tls()
                ? RawClient.tls("localhost", server.port())
                : RawClient.plain("localhost", server.port());
        List<RawConnection> kept = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RawConnection connection = client.withPatience(LIMIT).connect();
            assertThat(connection.request("GET", "/hello").readResponse().summary())
                    .startsWith("COMPLETE 200");
            kept.add(connection);
        }
        RawConnection rejected = client.connect().head("POST", "/reject", 1000).body(10);
        assertThat(rejected.readResponse().status()).isEqualTo(413);
        RawConnection slow = client.connect().request("GET", "/slow?ms=200");
        server.closeContext();
        slow.close();
        rejected.close();
        kept.forEach(RawConnection::close);
    }

    /** Threads of a container end a moment after its context. */
    private static void awaitThreads(CyclingServer server, int most) {
        Moment.awaitThat(() -> JvmUse.threads(server.pid()) <= most, LIMIT);
    }

    /** What a process uses. */
    private record Use(List<String> threads, int descriptors, long heapKilobytes) {

        static Use of(CyclingServer server) {
            return new Use(
                    JvmUse.threadNames(server.pid()),
                    JvmUse.descriptors(server.pid()),
                    JvmUse.kilobytes(server.pid(), USED));
        }

        @Override
        public String toString() {
            return "%d threads, %d descriptors, %d KB of heap"
                    .formatted(this.threads.size(), this.descriptors, this.heapKilobytes);
        }
    }
}

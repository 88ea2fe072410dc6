// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Health checks and calls of the actuator are served and are not work: neither do they extend the announcement, nor the
 * drain. Ordinary requests beside them, which do both, are the control.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ProbesContract {

    private static final Duration QUIET = Duration.ofMillis(1500);

    private static final Duration STALL = Duration.ofSeconds(1);

    /** Far from the minute that a call of the actuator takes here, and from the deadline of 50 s; on a busy machine. */
    private static final Duration SOON = DrainVerdict.SLACK;

    private static final long LOG_BYTES = 64L * 1024 * 1024;

    private final Target target;

    private ProbeObservations observations;

    ProbesContract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void depart(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("large.log");
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(LOG_BYTES);
        }
        try (SampleProcess server = this.target
                .sample()
                .behind(ProbedShutdownScenario.CONTEXT_PATH)
                .with("--management.endpoints.web.base-path=/manage")
                .with("--management.endpoints.web.exposure.include=*", "--sample.slow-endpoint=true")
                .with("--management.endpoint.health.probes.add-additional-paths=true")
                .with("--management.endpoint.logfile.external-file=" + log)
                .with("--server.http2.enabled=true", "--server.drain.timeout=50s")
                .with(
                        "--server.drain.announce.delay=30s",
                        "--server.drain.announce.quiet-period=" + QUIET.toMillis() + "ms")
                .with("--server.drain.connections.stall-timeout=1s")
                .start()) {
            this.observations = new ProbedShutdownScenario(server).signal();
        }
        this.target.print(
                ("probes: announcement over %d ms after traffic (quiet period: 1500) and %d probes, half a head given up"
                                + " after %d ms, drained %d ms and gone %d ms after the last work")
                        .formatted(
                                this.observations.quiet().toMillis(),
                                this.observations.probes(),
                                this.observations.halfHead().toMillis(),
                                this.observations.drainedAfterWork().toMillis(),
                                this.observations.goneAfterWork().toMillis()));
    }

    @Test
    void theyDoNotExtendTheAnnouncementAsRequestsDo() {
        assertThat(this.observations.probes()).isPositive();
        // Without the requests it would have been over half a second after them. Whoever measures may be late.
        assertThat(this.observations.quiet()).isBetween(QUIET.multipliedBy(2).dividedBy(3), SOON);
    }

    @Test
    void workBesideThemIsWaitedFor() {
        assertThat(this.observations.work().summary()).startsWith("COMPLETE 200, 9 bytes");
        assertThat(this.observations.workStream().summary()).isEqualTo("COMPLETE 200, 9 bytes");
        assertThat(this.observations.output().lines((line) -> line.contains("Drain report:")))
                .singleElement()
                .asString()
                .contains("graceful", "0 aborted");
    }

    @Test
    void thoseUnderWayAreNotWaitedFor() {
        assertThat(this.observations.drainedAfterWork()).isLessThan(SOON);
    }

    @Test
    void thoseUnderWayDoNotHoldTheProcess() {
        assertThat(this.observations.goneAfterWork()).isLessThan(SOON);
    }

    @Test
    void halfAHeadIsWaitedForAsLongAsAnyOther() {
        // What the log says may be read late.
        assertThat(this.observations.halfHead()).isBetween(STALL.dividedBy(2), STALL.plus(SOON));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The same storm over a link with 20 ms each way, where handshakes are under way for 40 ms. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class DelayedLinkContract {

    private static final Duration ONE_WAY = Duration.ofMillis(20);

    private static final int CLIENTS = 160;

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(80);

    private static final int RESPONSES_FIRST = 2 * CLIENTS;

    private static final int CYCLES = 5;

    private static final int CONTROL_CYCLES = 3;

    private static final long CONTROL_LOSS = 12L * CONTROL_CYCLES;

    private static final int MOST_CONTROLS = 5;

    private static final int PORT = 8080;

    private final Target target;

    private DelayedLink link;

    private CyclingServer server;

    private RemoteStorm storm;

    DelayedLinkContract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void start() {
        Optional<String> missing = DelayedLink.missing();
        missing.ifPresent((reason) -> this.target.print("SKIPPED, the link with delay: %s".formatted(reason)));
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        this.link = DelayedLink.open(ONE_WAY);
        this.server = CyclingServer.start(this.link.onServerSide(), this.target.variant(), PORT);
        this.storm =
                RemoteStorm.start(this.link.onClientSide(), DelayedLink.SERVER_ADDRESS, PORT, CLIENTS, LONGEST_PAUSE);
        assertThat(this.storm.roundTrip()).isGreaterThanOrEqualTo(ONE_WAY.multipliedBy(2));
    }

    @AfterAll
    void stop() {
        if (this.storm != null) {
            this.storm.close();
        }
        if (this.server != null) {
            this.server.close();
        }
        if (this.link != null) {
            this.link.close();
        }
    }

    @Test
    void noConnectionIsLostOverALinkWithDelay() {
        ClosingCycles cycles = run("", CYCLES, Target.PATIENT);
        assertThat(cycles.tally().lost())
                .as(() -> String.join("\n", drainLines()))
                .isZero();
        assertThat(cycles.tally().count(Outcome.REFUSED)).isPositive();
    }

    @Test
    void connectionsAreLostOverALinkWithDelayWithoutTheDrain() {
        ClosingCycles cycles = run(" without the drain", CONTROL_CYCLES, Target.DRAIN_OFF);
        // On a busy machine clients may be too slow for that many to be under way.
        for (int i = 1; cycles.tally().lost() <= CONTROL_LOSS && i < MOST_CONTROLS; i++) {
            cycles = run(" without the drain", CONTROL_CYCLES, Target.DRAIN_OFF);
        }
        assertThat(cycles.tally().lost()).isGreaterThan(CONTROL_LOSS);
    }

    /** What the server says of its drains, from which to tell why something was lost. */
    private List<String> drainLines() {
        return this.server.output().lines((line) -> line.contains("Drain ") || line.contains("ccept queue"));
    }

    private ClosingCycles run(String how, int count, String... settings) {
        ClosingCycles cycles = ClosingCycles.run(count, this.server, this.storm, RESPONSES_FIRST, List.of(settings));
        this.target.print("storm of %d clients over 20 ms each way%s: %s".formatted(CLIENTS, how, cycles));
        return cycles;
    }
}

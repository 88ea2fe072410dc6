// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Processes that take over a port from each other under load, over a link with 20 ms each way. They leave in turns without
 * a gate, which is the control, and with it; so each start of a process counts twice. The control ends at the first loss:
 * whether a single one loses something is a matter of chance.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class HandOverContract {

    private static final Duration ONE_WAY = Duration.ofMillis(20);

    private static final int HAND_OVERS = Integer.getInteger("contract.hand-overs", 1);

    private static final int MOST_CONTROLS = 10;

    private final Target target;

    private HandOver control = HandOver.NONE;

    private HandOver drained = HandOver.NONE;

    HandOverContract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void handOver() {
        Optional<String> missing = DelayedLink.missing();
        missing.ifPresent((reason) -> this.target.print("SKIPPED, the hand-over: %s".formatted(reason)));
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        try (SharedPort port = SharedPort.over(ONE_WAY, Transport.PLAIN)) {
            port.serveBy(ungated(port));
            while (this.drained.count() < HAND_OVERS || isControlOwed()) {
                if (isControlOwed()) {
                    this.control = this.control.plus(port.handOverTo(gated(port)));
                }
                this.drained = this.drained.plus(port.handOverTo(isControlOwed() ? ungated(port) : gated(port)));
            }
        }
        this.target.print("%d hand-overs with the gate off: %s".formatted(this.control.count(), this.control));
        this.target.print("%d hand-overs: %s".formatted(this.drained.count(), this.drained));
    }

    @Test
    void noClientIsLostRefusedOrDelayedWhenTheNextProcessTakesOver() {
        assertThat(this.drained.tally().lost()).as(this.drained.toString()).isZero();
        assertThat(this.drained.tally().count(Outcome.REFUSED)).isZero();
        assertThat(this.drained.listenDrops().withRoom()).isZero();
        // Or else nothing was under way that could have been lost.
        assertThat(this.drained.underWay()).isPositive();
    }

    @Test
    void clientsAreLostWithoutSteeringAndWithoutAGate() {
        assertThat(this.control.tally().lost()).as(this.control.toString()).isPositive();
    }

    private boolean isControlOwed() {
        return this.control.tally().lost() == 0 && this.control.count() < MOST_CONTROLS;
    }

    private SampleProcess gated(SharedPort port) {
        return sample(port).start();
    }

    private SampleProcess ungated(SharedPort port) {
        return sample(port)
                .with("--server.drain.accept-queue.gate=off", "--server.drain.accept-queue.timeout=500ms")
                .start();
    }

    private SampleProcess.Builder sample(SharedPort port) {
        return this.target
                .sample()
                .on(port.prefix(), port.number())
                .with("--server.drain.reuse-port=true", Target.PATIENT);
    }
}

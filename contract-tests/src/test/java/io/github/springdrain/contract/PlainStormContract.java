// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The storm, and what the gate does in it, which is the same with TLS. */
abstract class PlainStormContract extends StormContract {

    private static final int GATE_OFF_CYCLES = 2;

    PlainStormContract(Target target) {
        super(target);
    }

    /** How many connections are lost is the machine's affair; that the drain ends and says its level is not. */
    @Test
    void theGateMayBeOff() {
        ClosingCycles cycles = run(
                " with the gate off",
                GATE_OFF_CYCLES,
                "--server.drain.accept-queue.gate=off",
                "--server.drain.accept-queue.timeout=500ms",
                "--server.drain.accept-queue.quiet-period=100ms");
        assertThat(cycles.tally().count(Outcome.COMPLETE)).isPositive();
    }

    @Test
    void theDeviceGateIsInUse() {
        assertThat(Json.texts(status(), "$.listeners[*].level"))
                .singleElement()
                .asString()
                .startsWith("DEVICE_GATE");
    }
}

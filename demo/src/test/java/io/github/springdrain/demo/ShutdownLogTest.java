// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ProcessOutput;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShutdownLogTest {

    private static final long SIGNAL = 1_000_000_000L;

    @Test
    void beginsAtTheSignal() {
        var log = log(line(-1, "Started SampleApplication"), line(0, "Drain ANNOUNCED: clients are notified"));

        assertThat(log.entries()).containsExactly(new ShutdownLog.Entry(0, "Drain ANNOUNCED: clients are notified"));
    }

    @Test
    void leavesOutWhatSpringBootPutsBeforeAMessage() {
        var log = log(
                line(3, "2026-11-20T13:54:33.606Z  INFO 4368 --- [sample] [  drain] i.g.s.DrainLogger  : A: b : c"));

        assertThat(log.entries()).containsExactly(new ShutdownLog.Entry(3, "A: b : c"));
    }

    @Test
    void findsThePhasesInOrder() {
        var log = log(
                line(1, "x : Drain ANNOUNCED: clients are notified"),
                line(2, "Commencing something"),
                line(4, "x : Drain EMPTYING_ACCEPT_QUEUE, deadline in 3 ms"),
                line(9, "Drain report: drain graceful in 8 ms"));

        assertThat(log.phases())
                .containsExactly(
                        new ShutdownLog.Phase("ANNOUNCED", 1), new ShutdownLog.Phase("EMPTYING_ACCEPT_QUEUE", 4));
        assertThat(log.report()).contains("Drain report: drain graceful in 8 ms");
    }

    @Test
    void hasNoReportWhereNoneWasLogged() {
        assertThat(log(line(1, "Graceful shutdown complete")).report()).isEmpty();
    }

    private static ShutdownLog log(ProcessOutput.Line... lines) {
        return ShutdownLog.of(List.of(lines), SIGNAL);
    }

    private static ProcessOutput.Line line(long millisAfterSignal, String text) {
        return new ProcessOutput.Line(SIGNAL + TimeUnit.MILLISECONDS.toNanos(millisAfterSignal), text);
    }
}

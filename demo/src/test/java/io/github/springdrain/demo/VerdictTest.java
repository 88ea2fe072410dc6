// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void isShownWhenOnlyTheControlLost() {
        var verdict = Verdict.of(course(false, Result.COMPLETE, Result.RESET), course(true, Result.COMPLETE));

        assertThat(verdict.shown()).isTrue();
        assertThat(verdict.sentence()).contains("1 of 2 attempts");
    }

    @Test
    void isNotShownWhenTheDrainLost() {
        var verdict = Verdict.of(
                course(false, Result.COMPLETE, Result.RESET), course(true, Result.COMPLETE, Result.UNAVAILABLE));

        assertThat(verdict.shown()).isFalse();
    }

    @Test
    void isNotShownWhenTheControlLostNothing() {
        var verdict = Verdict.of(course(false, Result.COMPLETE), course(true, Result.COMPLETE));

        assertThat(verdict.shown()).isFalse();
    }

    @Test
    void isNotShownWhenNoResponseCame() {
        var verdict = Verdict.of(course(false, Result.COMPLETE, Result.RESET), course(true, Result.REFUSED));

        assertThat(verdict.shown()).isFalse();
    }

    @Test
    void doesNotCountRefusedConnectionsAsLost() {
        assertThat(course(true, Result.REFUSED, Result.COMPLETE).lost()).isZero();
    }

    private static DemoRun course(boolean drain, Result... results) {
        var attempts = Arrays.stream(results)
                .map((result) -> new Attempt(ClientKind.ONE_SHOT, result, 0))
                .toList();
        return new DemoRun(drain, List.of(), 0, 0, 0, new ChildProcess.Exit(143, 0), attempts, List.of());
    }
}

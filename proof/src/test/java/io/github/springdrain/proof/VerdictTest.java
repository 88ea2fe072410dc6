// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Account GRACEFUL = new Account(true, 3, 0);

    @Test
    void isProvenWhereOnlyTheControlLosesSomething() {
        Verdict verdict =
                Verdict.of(List.of(starter(tally(10, Outcome.COMPLETE), GRACEFUL), control(tally(2, Outcome.RESET))));
        assertThat(verdict.proven()).isTrue();
        assertThat(verdict.sentences())
                .containsExactly("With the starter 0 of 10 requests were lost over 1 restarts, without it 2 of 2.");
    }

    @Test
    void namesTheRestartAndTheKindOfClientThatLostSomething() {
        Verdict verdict = Verdict.of(List.of(starter(tally(1, Outcome.TRUNCATED), GRACEFUL)));
        assertThat(verdict.proven()).isFalse();
        assertThat(verdict.sentences())
                .containsExactly("boot4-tomcat, plain, starter, restart 1: uploads: TRUNCATED 1");
    }

    @Test
    void isNotProvenByARefusal() {
        Verdict verdict = Verdict.of(List.of(control(tally(5, Outcome.REFUSED))));
        assertThat(verdict.proven()).isFalse();
        assertThat(verdict.sentences().get(0)).contains("controls nothing");
    }

    @Test
    void isNotProvenWhereADrainSaysThatItAbortedSomething() {
        Verdict verdict = Verdict.of(List.of(
                starter(tally(10, Outcome.COMPLETE), new Account(false, 0, 1)), control(tally(2, Outcome.RESET))));
        assertThat(verdict.proven()).isFalse();
    }

    @Test
    void isNotProvenWhereADrainLeftNoReport() {
        Series silent = new Series(
                Variant.BOOT4_TOMCAT,
                false,
                true,
                List.of(new Restart(tally(1, Outcome.COMPLETE), 1, Duration.ZERO, Optional.empty())));
        assertThat(Verdict.of(List.of(silent)).proven()).isFalse();
    }

    private static Tally tally(int count, Outcome outcome) {
        Tally tally = new Tally();
        for (int i = 0; i < count; i++) {
            tally.add(ClientKind.UPLOADS, outcome);
        }
        return tally;
    }

    private static Series starter(Tally tally, Account account) {
        return new Series(
                Variant.BOOT4_TOMCAT, false, true, List.of(new Restart(tally, 1, Duration.ZERO, Optional.of(account))));
    }

    private static Series control(Tally tally) {
        return new Series(
                Variant.BOOT4_TOMCAT, false, false, List.of(new Restart(tally, 1, Duration.ZERO, Optional.empty())));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.engine.DrainSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.convert.DurationStyle;

class ShutdownBudgetTests {

    @ParameterizedTest
    @CsvSource({"25s, 30s, 30s", "25s, 60s, 30s", "25s, 2s, 27s", "25s, 0s, 26s", "25100ms, 2s, 28s"})
    void isTheTimeoutAndTheRestInWholeSeconds(String timeout, String perPhase, String expected) {
        assertThat(budget(duration(timeout), duration(perPhase)).gracePeriod()).isEqualTo(duration(expected));
    }

    @Test
    void countsTheAnnouncementOnce() {
        ShutdownBudget budget = new ShutdownBudget(duration("10s"), duration("25s"), duration("5s"));
        assertThat(budget.gracePeriod()).isEqualTo(duration("30s"));
    }

    @Test
    void fitsInItsOwnGracePeriodAndInNoShorterOne() {
        ShutdownBudget budget = budget(duration("25s"), duration("30s"));
        assertThat(budget.fitsIn(duration("30s"))).isTrue();
        assertThat(budget.fitsIn(duration("29s"))).isFalse();
    }

    @Test
    void spellsTheSumOut() {
        assertThat(new ShutdownBudget(duration("5s"), duration("25500ms"), duration("5s")).sum())
                .isEqualTo("31s = 25500ms server.drain.timeout (of which 5s server.drain.announce.delay) + 5s rest of"
                        + " the shutdown");
    }

    private static ShutdownBudget budget(Duration timeout, Duration perPhase) {
        DrainSettings defaults = DrainSettings.DEFAULTS;
        return ShutdownBudget.of(
                new DrainSettings(timeout, defaults.announce(), defaults.acceptQueue(), defaults.connections()),
                perPhase);
    }

    private static Duration duration(String text) {
        return DurationStyle.detectAndParse(text);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadTallyTest {

    private static final LoadTally ONE = new LoadTally(
            new StormTally(Map.of(Outcome.COMPLETE, 12L, Outcome.RESET, 1L)),
            new StormTally(Map.of(Outcome.NO_RESPONSE, 3L)),
            Duration.ofMillis(42));

    @Test
    void isReadAsItIsWritten() {
        LoadTally nothing = new LoadTally(StormTally.EMPTY, StormTally.EMPTY, Duration.ZERO);
        assertThat(LoadTally.parse(ONE.format())).isEqualTo(ONE);
        assertThat(LoadTally.parse(nothing.format())).isEqualTo(nothing);
    }

    @Test
    void countsWhatBothKindsOfClientHaveLost() {
        assertThat(ONE.lost()).isEqualTo(4);
        assertThat(ONE.plus(ONE).lost()).isEqualTo(8);
        assertThat(ONE.plus(ONE).longestConnect()).isEqualTo(Duration.ofMillis(42));
    }
}

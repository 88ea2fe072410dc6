// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class StormTallyTest {

    @Test
    void countsAsLostWhatWasConnectedAndLeftWithoutResponse() {
        StormTally tally = new StormTally(Map.of(
                Outcome.COMPLETE,
                5L,
                Outcome.REFUSED,
                4L,
                Outcome.RESET,
                3L,
                Outcome.NO_RESPONSE,
                2L,
                Outcome.TIMEOUT,
                1L));
        assertThat(tally.lost()).isEqualTo(6);
        assertThat(tally.plus(tally).lost()).isEqualTo(12);
    }

    @Test
    void readsWhatItWrites() {
        StormTally tally = new StormTally(Map.of(Outcome.COMPLETE, 12L, Outcome.REFUSED, 3L));
        assertThat(tally.format()).isEqualTo("COMPLETE=12 REFUSED=3");
        assertThat(StormTally.parse(tally.format())).isEqualTo(tally);
        assertThat(StormTally.parse(StormTally.EMPTY.format())).isEqualTo(StormTally.EMPTY);
    }
}

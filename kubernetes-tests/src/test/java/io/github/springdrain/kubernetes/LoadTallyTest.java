// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadTallyTest {

    private static final LoadTally TALLY =
            new LoadTally(Map.of("ONE_SHOT:SERVED", 7L, "ONE_SHOT:REFUSED", 2L, "UPLOAD:HTTP_502", 1L));

    @Test
    void countsAsFailedWhatWasNotServed() {
        assertThat(TALLY.requests()).isEqualTo(10);
        assertThat(TALLY.failed()).isEqualTo(3);
        assertThat(TALLY.failures())
                .containsExactly(Map.entry("ONE_SHOT:REFUSED", 2L), Map.entry("UPLOAD:HTTP_502", 1L));
    }

    @Test
    void reportsWhatHasHappenedSinceAnEarlierOne() {
        LoadTally earlier = new LoadTally(Map.of("ONE_SHOT:SERVED", 5L, "ONE_SHOT:REFUSED", 2L));
        LoadTally since = TALLY.since(earlier);
        assertThat(since.requests()).isEqualTo(3);
        assertThat(since.failures()).containsExactly(Map.entry("UPLOAD:HTTP_502", 1L));
    }

    @Test
    void readsWhatItWrites() {
        assertThat(LoadTally.parse(TALLY.format())).isEqualTo(TALLY);
        assertThat(LoadTally.parse("").requests()).isZero();
    }
}

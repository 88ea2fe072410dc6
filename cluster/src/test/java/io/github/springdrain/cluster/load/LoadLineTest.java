// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadLineTest {

    private static final Tally TALLY = new Tally(Map.of("UPLOAD:SERVED", 3L, "UPLOAD:RESET", 1L));

    @Test
    void isReadAsItIsWritten() {
        LoadLine line = new LoadLine(5000, 120, TALLY, false);

        assertThat(LoadLine.parse(line.format())).contains(line);
        assertThat(LoadLine.parse(new LoadLine(1, 0, Tally.NONE, true).format()))
                .contains(new LoadLine(1, 0, Tally.NONE, true));
    }

    @Test
    void ofOtherTextIsNone() {
        assertThat(LoadLine.parse("Picked up JAVA_TOOL_OPTIONS")).isEmpty();
        assertThat(FailedLine.parse("Picked up JAVA_TOOL_OPTIONS")).isEmpty();
    }

    @Test
    void settlesWhatBeganBeforeItsOldestExchange() {
        LoadLine line = new LoadLine(5000, 120, TALLY, false);

        assertThat(line.settles(4879)).isTrue();
        assertThat(line.settles(4880)).isFalse();
        assertThat(new LoadLine(0, 0, TALLY, true).settles(4880)).isTrue();
    }

    @Test
    void ofAFailureKeepsTheDetail() {
        FailedLine line = new FailedLine(1, 2, "UPLOAD:RESET", "RESET 0, 0 bytes");

        assertThat(FailedLine.parse(line.format())).contains(line);
    }

    @Test
    void tallyCountsFailuresByKind() {
        Tally twice = TALLY.plus(TALLY);

        assertThat(twice.requests()).isEqualTo(8);
        assertThat(twice.failed(ClientKind.UPLOAD)).isEqualTo(2);
        assertThat(twice.failed(ClientKind.SLOW)).isZero();
        assertThat(twice.since(TALLY).failed()).isOne();
        assertThat(twice.failuresText()).isEqualTo("2 upload reset");
    }
}

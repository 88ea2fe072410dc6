// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    @Test
    void aLineIsAsOldAsItSays() {
        String line = "2026-03-01T10:00:00.250Z  INFO 1 --- [sample] [r: phaseEntered] Drain ANNOUNCED";
        assertThat(LogLines.millisOf(line))
                .isEqualTo(Instant.parse("2026-03-01T10:00:00.250Z").toEpochMilli());
    }

    @Test
    void aLineThatDoesNotSayIsOfNow() {
        long before = System.currentTimeMillis();
        assertThat(LogLines.millisOf("Drain ANNOUNCED")).isBetween(before, System.currentTimeMillis());
        assertThat(LogLines.millisOf("")).isGreaterThanOrEqualTo(before);
    }
}

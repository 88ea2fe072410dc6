// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class RequestSnapshotsTest {

    private static final Duration CONNECTION = Duration.ofSeconds(10);

    private final ZonedDateTime begun = ZonedDateTime.of(2026, 1, 1, 12, 0, 0, 0, ZoneOffset.UTC);

    @Test
    void aRequestIsAsOldAsTheClockSays() {
        assertThat(age(Duration.ofSeconds(4))).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void aClockThatWasSetMakesARequestNoOlderThanItsConnection() {
        assertThat(age(Duration.ofHours(1))).isEqualTo(CONNECTION);
    }

    @Test
    void aClockThatWasSetBackMakesARequestNew() {
        assertThat(age(Duration.ofHours(-1))).isZero();
    }

    private Duration age(Duration byTheClock) {
        return RequestSnapshots.age(this.begun, this.begun.plus(byTheClock), CONNECTION);
    }
}

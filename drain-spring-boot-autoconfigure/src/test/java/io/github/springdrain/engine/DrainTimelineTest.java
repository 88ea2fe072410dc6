// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.DrainTimeline;
import io.github.springdrain.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DrainTimelineTest {

    private final FakeTime time = new FakeTime();

    @Test
    void everyLimitFollowsFromTheOneStart() {
        DrainTimeline timeline = new DrainTimeline(this.time.now(), Duration.ofSeconds(25), this.time::nanoTime);
        this.time.pause(Duration.ofSeconds(5).toNanos());
        assertThat(timeline.startedAt()).isEqualTo(Instant.EPOCH);
        assertThat(timeline.deadline()).isEqualTo(Instant.EPOCH.plusSeconds(25));
        assertThat(timeline.remaining()).isEqualTo(Duration.ofSeconds(20));
        assertThat(timeline.untilForce()).isEqualTo(Duration.ofMillis(19500));
        assertThat(timeline.untilApplicationTurn()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void nothingRemainsAfterTheDeadline() {
        DrainTimeline timeline = new DrainTimeline(this.time.now(), Duration.ofSeconds(1), this.time::nanoTime);
        this.time.pause(Duration.ofSeconds(2).toNanos());
        assertThat(timeline.remaining()).isZero();
        assertThat(timeline.untilForce()).isZero();
        assertThat(timeline.untilApplicationTurn()).isZero();
    }

    @Test
    void aShortTimeoutKeepsATenthForForcing() {
        DrainTimeline timeline = new DrainTimeline(this.time.now(), Duration.ofSeconds(1), this.time::nanoTime);
        assertThat(timeline.untilForce()).isEqualTo(Duration.ofMillis(900));
    }
}

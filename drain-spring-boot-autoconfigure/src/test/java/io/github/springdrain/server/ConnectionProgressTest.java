// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The clock of one connection without a request. */
class ConnectionProgressTest {

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);

    private final ConnectionProgress progress = new ConnectionProgress();

    private long now = 42;

    @Test
    void countsFromTheFirstScanThatSawTheSame() {
        assertThat(scan(TICK, 1)).isZero();
        assertThat(scan(TICK, 1)).isEqualTo(TICK);
        assertThat(scan(TICK, 1)).isEqualTo(2 * TICK);
        assertThat(scan(TICK, 2)).isZero();
    }

    /** A process that was paused has not read yet what clients sent meanwhile. */
    @Test
    void countsAnewWhenTheProcessHasStoodStill() {
        scan(TICK, 1);
        scan(TICK, 1);
        assertThat(scan(TimeUnit.SECONDS.toNanos(7), 1)).isZero();
        assertThat(scan(TICK, 1)).isEqualTo(TICK);
    }

    /** On a busy machine scans are late. */
    @Test
    void countsOnWhenAScanIsLate() {
        scan(TICK, 1);
        assertThat(scan(50 * TICK, 1)).isEqualTo(50 * TICK);
    }

    private long scan(long later, long seenProgress) {
        this.now += later;
        return this.progress.unchangedFor(ConnectionState.READING_HEAD, seenProgress, this.now);
    }
}

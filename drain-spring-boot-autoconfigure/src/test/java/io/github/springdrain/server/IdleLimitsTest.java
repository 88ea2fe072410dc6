// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IdleLimitsTest {

    private final IdleLimits limits = new IdleLimits(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3));

    @ParameterizedTest
    @CsvSource({"NEW, 1", "IDLE, 2", "HANDSHAKE, 3", "READING_HEAD, 3"})
    void aConnectionWithoutARequestHasTheLimitOfItsState(ConnectionState state, long millis) {
        long limit = Duration.ofMillis(millis).toNanos();
        assertThat(this.limits.isOutlived(state, limit - 1)).isFalse();
        assertThat(this.limits.isOutlived(state, limit)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionState.class,
            names = {"ACCEPTED", "IN_SERVICE", "RESPONDING", "UPGRADED", "CLOSING"})
    void aConnectionWithWorkHasNone(ConnectionState state) {
        assertThat(this.limits.isOutlived(state, Long.MAX_VALUE)).isFalse();
    }
}

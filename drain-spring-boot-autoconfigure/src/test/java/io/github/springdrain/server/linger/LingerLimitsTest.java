// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LingerLimitsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaultsAreAllowed() {
        assertThat(LingerLimits.DEFAULTS)
                .isEqualTo(new LingerLimits(Duration.ofSeconds(5), Duration.ofSeconds(30), 268_435_456, 4096));
    }

    @Test
    void unreadBodiesAreReadForAMomentByDefault() {
        assertThat(LingerLimits.UnreadBody.DEFAULTS)
                .isEqualTo(new LingerLimits.UnreadBody(Duration.ofMillis(100), 2_097_152));
        assertThat(new LingerLimits.UnreadBody(Duration.ZERO, 0).timeout()).isZero();
        assertRefused(
                () -> new LingerLimits.UnreadBody(Duration.ofMillis(-1), 1),
                "unread-body-timeout: PT-0.001S (expected: zero or more, at most PT1M)");
        assertRefused(
                () -> new LingerLimits.UnreadBody(Duration.ofMinutes(2), 1),
                "unread-body-timeout: PT2M (expected: zero or more, at most PT1M)");
        assertRefused(
                () -> new LingerLimits.UnreadBody(SECOND, -1), "unread-body-max-bytes: -1 (expected: zero or more)");
    }

    @Test
    void allowsTheEdgesOfEachRange() {
        assertThat(new LingerLimits(Duration.ofNanos(1), Duration.ofDays(1), 1, 1).maxBytes())
                .isEqualTo(1);
        assertThat(new LingerLimits(Duration.ofDays(1), Duration.ofNanos(1), Long.MAX_VALUE, Integer.MAX_VALUE)
                        .maxConnections())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void refusesAnIdleTimeoutOutOfRange() {
        assertRefused(
                () -> new LingerLimits(Duration.ofSeconds(-1), SECOND, 1, 1),
                "idle-timeout: PT-1S (expected: more than zero, at most PT24H)");
        assertRefused(
                () -> new LingerLimits(Duration.ZERO, SECOND, 1, 1),
                "idle-timeout: PT0S (expected: more than zero, at most PT24H)");
        assertRefused(
                () -> new LingerLimits(Duration.ofDays(1).plusNanos(1), SECOND, 1, 1),
                "idle-timeout: PT24H0.000000001S (expected: more than zero, at most PT24H)");
    }

    @Test
    void refusesATimeoutOutOfRange() {
        assertRefused(
                () -> new LingerLimits(SECOND, Duration.ZERO, 1, 1),
                "timeout: PT0S (expected: more than zero, at most PT24H)");
    }

    @Test
    void refusesToReadNothingAtAll() {
        assertRefused(() -> new LingerLimits(SECOND, SECOND, 0, 1), "max-bytes: 0 (expected: more than zero)");
    }

    @Test
    void refusesToLetNothingLinger() {
        assertRefused(() -> new LingerLimits(SECOND, SECOND, 1, 0), "max-connections: 0 (expected: more than zero)");
    }

    private static void assertRefused(Runnable creation, String message) {
        assertThatIllegalArgumentException().isThrownBy(creation::run).withMessage(message);
    }
}

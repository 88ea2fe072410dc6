// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.InvalidSettingException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainSettingsTest {

    private static final DrainSettings DEFAULTS = DrainSettings.DEFAULTS;

    private static DrainSettings.Announce announce(Duration delay, Duration minDelay) {
        return new DrainSettings.Announce(delay, minDelay, Duration.ZERO, DrainSettings.ConnectionClose.IMMEDIATE);
    }

    @Test
    void refusesATimeoutOfZero() {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> new DrainSettings(
                        Duration.ZERO, DEFAULTS.announce(), DEFAULTS.acceptQueue(), DEFAULTS.connections()))
                .withMessage("timeout: PT0S (expected: more than zero, at most PT24H)");
    }

    @Test
    void refusesADelayThatUsesUpTheTimeout() {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> new DrainSettings(
                        Duration.ofSeconds(5),
                        announce(Duration.ofSeconds(5), Duration.ZERO),
                        DEFAULTS.acceptQueue(),
                        DEFAULTS.connections()))
                .withMessageStartingWith("announce.delay: PT5S")
                .withMessageContaining("PT5S)");
    }

    @Test
    void refusesAMinimumAboveTheDelay() {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> announce(Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .withMessageContaining("announce.min-delay: PT2S")
                .withMessageContaining("PT1S");
    }

    @Test
    void refusesNegativeDurationsByName() {
        Duration negative = Duration.ofMillis(-1);
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> new IdleLimits(Duration.ZERO, negative, Duration.ZERO))
                .withMessageStartingWith("connections.idle-grace: PT-0.001S");
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> new AcceptQueueLimits(negative, Duration.ZERO))
                .withMessageStartingWith("accept-queue.timeout");
    }
}

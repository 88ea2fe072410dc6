// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a drain in fake time announces itself, and to whom. */
class DrainAnnouncementTest extends FakeTimeDrain {

    @Test
    void servesOnForTheWholeAnnounceDelay() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.time.at(
                Duration.ofMillis(4990), () -> assertThat(this.drain.phase()).isEqualTo(DrainPhase.ANNOUNCED));
        DrainReport report = drainNow();
        assertThat(report.phases().get(DrainPhase.ANNOUNCED)).isEqualTo(SECOND.multipliedBy(5));
    }

    @Test
    void quietTrafficEndsTheDelayEarlyButNotBeforeItsMinimum() {
        DrainSettings.Announce announce = new DrainSettings.Announce(
                SECOND.multipliedBy(10), SECOND.multipliedBy(2), SECOND, DrainSettings.ConnectionClose.IMMEDIATE);
        this.drain = drain(settings(Duration.ofSeconds(25), announce));
        assertThat(drainNow().phases().get(DrainPhase.ANNOUNCED)).isEqualTo(SECOND.multipliedBy(2));
    }

    @Test
    void aRequestThatBeginsOrEndsStartsTheQuietPeriodAnew() {
        DrainSettings.Announce announce = new DrainSettings.Announce(
                SECOND.multipliedBy(10), Duration.ZERO, SECOND, DrainSettings.ConnectionClose.IMMEDIATE);
        this.drain = drain(settings(Duration.ofSeconds(25), announce));
        this.time.at(Duration.ofMillis(900), () -> this.drain.arrivals().add("GET", "/hello"));
        this.time.at(Duration.ofMillis(1800), () -> this.server.requests++);
        assertThat(drainNow().phases().get(DrainPhase.ANNOUNCED))
                .isBetween(Duration.ofMillis(2800), Duration.ofMillis(2820));
        assertThat(this.drain.arrivals().isCounting()).isFalse();
    }

    @Test
    void neitherAHealthCheckNorItsConnectionStartsTheQuietPeriodAnew() {
        DrainSettings.Announce announce = new DrainSettings.Announce(
                SECOND.multipliedBy(10), Duration.ZERO, SECOND, DrainSettings.ConnectionClose.IMMEDIATE);
        this.drain = drain(settings(Duration.ofSeconds(25), announce));
        this.drain.workIs((request) -> !request.path().startsWith("/actuator"));
        this.time.at(Duration.ofMillis(500), () -> this.server.requests++);
        for (int millis = 100; millis < 1500; millis += 50) {
            this.time.at(Duration.ofMillis(millis), this::healthCheckBegins);
            this.time.at(Duration.ofMillis(millis + 20), () -> this.server.requests++);
        }
        assertThat(drainNow().phases().get(DrainPhase.ANNOUNCED))
                .isBetween(Duration.ofMillis(1500), Duration.ofMillis(1530));
    }

    private void healthCheckBegins() {
        assertThat(this.drain.arrivals().isCounting()).isTrue();
        this.server.accepted++;
        this.drain.arrivals().add("GET", "/actuator/health");
    }

    @Test
    void gradualAnnouncementGrowsFromNoneToAll() {
        this.drain = drain(settings(Duration.ofSeconds(25), SECOND, DrainSettings.ConnectionClose.GRADUAL));
        drainNow();
        assertThat(this.server.closeShares.get(0)).isZero();
        assertThat(this.server.closeShares).isSorted().endsWith(1.0);
        assertThat(this.server.closeShares.get(50)).isBetween(0.4, 0.6);
    }

    @Test
    void asksForTotalsInTheAnnouncementOnlyForAQuietPeriod() {
        this.drain = drain(settings(Duration.ofSeconds(25), SECOND, DrainSettings.ConnectionClose.IMMEDIATE));
        drainNow();
        assertThat(this.server.totalsRead).isEqualTo(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.OpenStreams;
import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When open-ended streams are terminated, in fake time. */
class StreamTerminationTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTime time = new FakeTime();

    private final ScriptedServer server = new ScriptedServer();

    private final List<Duration> notified = new ArrayList<>();

    private void drain(Duration delay, DrainSettings.Streams streams) {
        DrainEngine drain = new DrainEngine(
                new DrainSettings(
                        SECOND.multipliedBy(25),
                        new DrainSettings.Announce(
                                delay, Duration.ZERO, Duration.ZERO, DrainSettings.ConnectionClose.IMMEDIATE),
                        DrainSettings.DEFAULTS.acceptQueue(),
                        DrainSettings.DEFAULTS.connections(),
                        streams),
                this.time,
                Runnable::run);
        drain.attach(this.server);
        drain.addListener(new DrainListener() {

            @Override
            public void streamsEnding(DrainTimeline timeline) {
                StreamTerminationTest.this.notified.add(timeline.elapsed());
                StreamTerminationTest.this.server.ends("sse");
            }
        });
        this.server.opens("sse", ConnectionState.RESPONDING);
        drain.start(DrainTrigger.CONTEXT_CLOSE);
    }

    @Test
    void streamsGoOnUntilShortlyBeforeTheDeadline() {
        drain(Duration.ZERO, DrainSettings.Streams.untilTheLast(Duration.ZERO));
        assertThat(this.notified).containsExactly(Duration.ofMillis(22_500));
    }

    @Test
    void streamsEndWhenTheirOwnTimeIsOver() {
        drain(Duration.ZERO, new DrainSettings.Streams(SECOND.multipliedBy(3), Duration.ZERO));
        assertThat(this.notified).containsExactly(SECOND.multipliedBy(3));
    }

    @Test
    void streamsAreNotEndedWhileTheirClientsWouldComeBack() {
        drain(SECOND.multipliedBy(5), new DrainSettings.Streams(Duration.ZERO, Duration.ZERO));
        assertThat(this.notified).containsExactly(SECOND.multipliedBy(5));
    }

    @Test
    void nobodyIsNotifiedWhenEverythingEndsBefore() {
        this.time.at(SECOND, () -> this.server.ends("sse"));
        drain(Duration.ZERO, DrainSettings.Streams.untilTheLast(Duration.ZERO));
        assertThat(this.notified).isEmpty();
    }

    @Test
    void everyStreamComesOnceWithinTheWindow() {
        OpenStreamRegistry streams = new OpenStreamRegistry();
        for (int i = 0; i < 100; i++) {
            streams.open(() -> {});
        }
        DrainEngine drain = new DrainEngine(DrainSettings.DEFAULTS, this.time, (sequence) -> {});
        DrainHandle run = drain.start(DrainTrigger.ENDPOINT);
        long start = this.time.nanoTime();
        int early = streams.takeDue(run, start, SECOND).size();
        int half = streams.takeDue(run, start + SECOND.toNanos() / 2, Duration.ZERO)
                .size();
        int late = streams.takeDue(run, start + SECOND.toNanos(), Duration.ZERO).size();
        assertThat(early + half + late).isEqualTo(100);
        assertThat(early).isLessThan(10);
        assertThat(half).isBetween(10, 90);
        assertThat(streams.takeDue(run, start + 2 * SECOND.toNanos(), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void aStreamThatEndedByItselfIsForgotten() {
        OpenStreamRegistry streams = new OpenStreamRegistry();
        OpenStreams.Registration registration = streams.open(() -> {});
        registration.close();
        registration.close();
        assertThat(streams.size()).isZero();
    }

    @Test
    void aPeerIsToldOnceWithinTheWindowAndGivenUpByTheTimeSinceThen() {
        ConnectionProgress clock = new ConnectionProgress();
        long now = this.time.nanoTime();
        boolean atOnce = clock.isTimeToNotify(now, SECOND);
        assertThat(atOnce || clock.isTimeToNotify(now + SECOND.toNanos(), Duration.ZERO))
                .isTrue();
        assertThat(clock.isTimeToNotify(now + 2 * SECOND.toNanos(), Duration.ZERO))
                .isFalse();
        assertThat(clock.isNotifiedFor(SECOND.multipliedBy(3), now + 2 * SECOND.toNanos()))
                .isFalse();
        assertThat(clock.isNotifiedFor(SECOND.multipliedBy(3), now + 5 * SECOND.toNanos()))
                .isTrue();
    }
}

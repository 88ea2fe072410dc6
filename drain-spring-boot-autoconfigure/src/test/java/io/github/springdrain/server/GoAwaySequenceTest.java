// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import static io.github.springdrain.server.GoAwaySequence.Step.CLOSE;
import static io.github.springdrain.server.GoAwaySequence.Step.NAME_LAST_STREAM;
import static io.github.springdrain.server.GoAwaySequence.Step.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GoAwaySequenceTest {

    private static final IdleLimits LIMITS =
            new IdleLimits(Duration.ofNanos(70), Duration.ofNanos(100), Duration.ofNanos(1000));

    /** As a reading of the clock may be. */
    private static final long START = -50;

    private final GoAwaySequence sequence = new GoAwaySequence(START);

    @Test
    void namesTheLastStreamWhenTheGraceIsOver() {
        assertThat(used(0, false, START)).isEqualTo(WAIT);
        assertThat(used(0, false, START + 99)).isEqualTo(WAIT);
        assertThat(used(0, false, START + 100)).isEqualTo(NAME_LAST_STREAM);
    }

    @Test
    void namesItAtOnceWhenTheClientHasReadTheFirstGoAway() {
        assertThat(used(3, true, START)).isEqualTo(NAME_LAST_STREAM);
    }

    @Test
    void closesWhenTheLastStreamHasEnded() {
        assertThat(used(2, true, START)).isEqualTo(NAME_LAST_STREAM);
        assertThat(used(2, true, START + 1)).isEqualTo(WAIT);
        assertThat(used(1, true, START + 1000)).isEqualTo(WAIT);
        assertThat(used(0, true, START + 1001)).isEqualTo(CLOSE);
    }

    @Test
    void waitsForTheAcknowledgementOfASecondPingToo() {
        assertThat(used(0, true, START)).isEqualTo(NAME_LAST_STREAM);
        assertThat(used(0, false, START + 99)).isEqualTo(WAIT);
        assertThat(used(0, false, START + 100)).isEqualTo(CLOSE);
    }

    @Test
    void givesAnUnusedConnectionTheTimeForItsFirstRequest() {
        assertThat(unused(START + 69)).isEqualTo(WAIT);
        assertThat(unused(START + 70)).isEqualTo(NAME_LAST_STREAM);
    }

    @Test
    void notifiesAnUnusedConnectionWhenItIsNotYoungAnyMore() {
        long old = START + Duration.ofMillis(500).toNanos();
        assertThat(this.sequence.isFirstGoAwayAllowed(false, old - 1)).isFalse();
        assertThat(this.sequence.isFirstGoAwayAllowed(true, old - 1)).isTrue();
        assertThat(this.sequence.isFirstGoAwayAllowed(false, old)).isTrue();
    }

    @Test
    void sendsTheFirstGoAwayAndThePingBehindItOnceEach() {
        assertThat(this.sequence.isPingDue()).isFalse();
        assertThat(this.sequence.isFirstGoAwayDue(false, START)).isFalse();
        assertThat(this.sequence.isFirstGoAwayDue(true, START)).isTrue();
        assertThat(this.sequence.isFirstGoAwayDue(true, START)).isFalse();
        assertThat(this.sequence.isPingDue()).isTrue();
        assertThat(this.sequence.isPingDue()).isFalse();
    }

    @Test
    void namesTheLastStreamOnceThePingIsAcknowledgedAndWaitsForNoOther() {
        assertThat(this.sequence.next(true, 1, LIMITS, START)).isEqualTo(WAIT);
        this.sequence.acknowledged();
        assertThat(this.sequence.next(true, 1, LIMITS, START)).isEqualTo(NAME_LAST_STREAM);
        assertThat(this.sequence.next(true, 1, LIMITS, START)).isEqualTo(WAIT);
        assertThat(this.sequence.next(true, 0, LIMITS, START)).isEqualTo(CLOSE);
    }

    @Test
    void closesOnceTheLastStreamIsNamedAlthoughThePingIsNotAcknowledged() {
        assertThat(this.sequence.next(true, 0, LIMITS, START)).isEqualTo(WAIT);
        assertThat(this.sequence.next(true, 0, LIMITS, START + 100)).isEqualTo(NAME_LAST_STREAM);
        assertThat(this.sequence.next(true, 0, LIMITS, START + 100)).isEqualTo(CLOSE);
    }

    private GoAwaySequence.Step used(int streams, boolean heard, long nowNanos) {
        return this.sequence.next(true, streams, heard, LIMITS, nowNanos);
    }

    private GoAwaySequence.Step unused(long nowNanos) {
        return this.sequence.next(false, 0, true, LIMITS, nowNanos);
    }
}

package io.github.springdrain;

import static io.github.springdrain.Http2Farewell.Step.CLOSE;
import static io.github.springdrain.Http2Farewell.Step.NAME_LAST_STREAM;
import static io.github.springdrain.Http2Farewell.Step.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class Http2FarewellTest {

    private static final Duration GRACE = Duration.ofNanos(100);

    /** As a reading of the clock may be. */
    private static final long START = -50;

    private final Http2Farewell farewell = new Http2Farewell();

    @Test
    void namesTheLastStreamWhenTheGraceIsOver() {
        assertThat(this.farewell.next(0, false, GRACE, START)).isEqualTo(WAIT);
        assertThat(this.farewell.next(0, false, GRACE, START + 99)).isEqualTo(WAIT);
        assertThat(this.farewell.next(0, false, GRACE, START + 100)).isEqualTo(NAME_LAST_STREAM);
    }

    @Test
    void namesItAtOnceWhenThePeerHasReadTheFirstGoAway() {
        assertThat(this.farewell.next(3, true, GRACE, START)).isEqualTo(NAME_LAST_STREAM);
    }

    @Test
    void closesWhenTheLastStreamHasEnded() {
        assertThat(this.farewell.next(2, true, GRACE, START)).isEqualTo(NAME_LAST_STREAM);
        assertThat(this.farewell.next(2, true, GRACE, START + 1)).isEqualTo(WAIT);
        assertThat(this.farewell.next(1, true, GRACE, START + 1000)).isEqualTo(WAIT);
        assertThat(this.farewell.next(0, true, GRACE, START + 1001)).isEqualTo(CLOSE);
    }

    @Test
    void waitsForTheAnswerToTheSecondQuestionToo() {
        assertThat(this.farewell.next(0, true, GRACE, START)).isEqualTo(NAME_LAST_STREAM);
        assertThat(this.farewell.next(0, false, GRACE, START + 99)).isEqualTo(WAIT);
        assertThat(this.farewell.next(0, false, GRACE, START + 100)).isEqualTo(CLOSE);
    }
}

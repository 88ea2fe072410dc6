// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a drain that is resumed or renewed, in fake time. */
class DrainResumeTest extends FakeTimeDrain {

    @Test
    void isResumedWhileAnnouncedAndServesOn() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.time.at(SECOND, this.drain::resume);
        DrainReport report = drainNow();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.RESUMED);
        assertThat(this.server.calls).containsExactly("announce", "resume");
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
        assertThat(this.seen).containsExactly("ANNOUNCED", "resumed");
    }

    @Test
    void startsAnewAfterItWasResumed() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.time.at(SECOND, this.drain::resume);
        DrainHandle first = this.drain.start(DrainTrigger.ENDPOINT);
        DrainHandle second = this.drain.start(DrainTrigger.CONTEXT_CLOSE);
        assertThat(second).isNotSameAs(first);
        assertThat(reportOf(second).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(second.timeline().startedAt()).isAfter(first.timeline().startedAt());
    }

    @Test
    void drainsAnewOnceItWasRenewed() {
        DrainHandle first = this.drain.start(DrainTrigger.ENDPOINT);
        this.drain.renew();
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
        DrainHandle second = this.drain.start(DrainTrigger.CONTEXT_CLOSE);
        assertThat(second).isNotSameAs(first);
        assertThat(reportOf(second).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void isNotRenewedWhileItIsUnderWay() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(SECOND, this.drain::renew);
        this.time.at(SECOND, () -> assertThat(this.drain.phase()).isEqualTo(DrainPhase.FINISHING));
        this.time.at(SECOND, () -> this.server.ends("slow"));
        assertThat(drainNow().outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void cannotBeResumedOnceTheGateIsSet() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        List<@Nullable String> refusals = new ArrayList<>();
        this.time.at(SECOND, () -> {
            try {
                this.drain.resume();
            } catch (IllegalStateException ex) {
                refusals.add(ex.getMessage());
            }
            this.server.ends("slow");
        });
        drainNow();
        assertThat(refusals).singleElement().asString().contains("FINISHING");
    }

    @Test
    void refusesToResumeWhatWasNotStarted() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(this.drain::resume)
                .withMessageContaining("No drain");
    }

    @Test
    void aListenerMayResumeTheDrain() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.drain.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                DrainResumeTest.this.drain.resume();
            }
        });
        assertThat(drainNow().outcome()).isEqualTo(DrainReport.Outcome.RESUMED);
        assertThat(this.server.calls).containsExactly("resume");
    }

    @Test
    void isUndoneWhenResumeReturns() throws InterruptedException {
        CountDownLatch announced = new CountDownLatch(1);
        DrainEngine real = new DrainEngine(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(20), DrainSettings.ConnectionClose.IMMEDIATE));
        real.attach(this.server);
        List<String> undone = new CopyOnWriteArrayList<>();
        real.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                announced.countDown();
            }

            @Override
            public void resumed() {
                undone.add("resumed");
            }
        });
        real.start(DrainTrigger.ENDPOINT);
        announced.await();
        real.resume();
        assertThat(undone).containsExactly("resumed");
        assertThat(this.server.calls).endsWith("resume");
    }

    @Test
    void aDrainThatBrokeOffCannotBeResumedAndIsRenewed() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.time.at(SECOND, () -> {
            throw new StackOverflowError("for the test");
        });
        drainNow();
        assertThat(this.server.calls).contains("closeListeners");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(this.drain::resume)
                .withMessageContaining("DRAINED");
        this.drain.renew();
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
    }
}

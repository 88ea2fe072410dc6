// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.ParticipantReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What participants may do to a drain, and what they may not. */
@Timeout(60)
class ParticipantsTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    private final List<String> asked = new CopyOnWriteArrayList<>();

    private final CountDownLatch release = new CountDownLatch(1);

    /** Work that is there for as long as the test says. */
    private class Recorded implements DrainParticipant {

        volatile int work;

        Recorded(int work) {
            this.work = work;
        }

        @Override
        public String name() {
            return "recorded";
        }

        @Override
        public void prepare(Duration remaining) {
            ParticipantsTest.this.asked.add("prepare");
        }

        @Override
        public void resume() {
            ParticipantsTest.this.asked.add("resume");
        }

        @Override
        public boolean isActive(Duration remaining) {
            return activeWork(remaining) > 0;
        }

        @Override
        public int activeWork(Duration remaining) {
            return this.work;
        }

        @Override
        public void force() {
            ParticipantsTest.this.asked.add("force");
        }

        final void block() {
            try {
                ParticipantsTest.this.release.await();
            } catch (InterruptedException ex) {
                ParticipantsTest.this.asked.add("interrupted");
                Thread.currentThread().interrupt();
            }
        }
    }

    private static DrainEngine drain(Duration timeout, Duration delay, DrainParticipant participant) {
        DrainEngine drain = new DrainEngine(new DrainSettings(
                timeout,
                new DrainSettings.Announce(
                        delay, Duration.ZERO, Duration.ZERO, DrainSettings.ConnectionClose.IMMEDIATE),
                DrainSettings.DEFAULTS.acceptQueue(),
                DrainSettings.DEFAULTS.connections()));
        drain.addParticipant(participant);
        return drain;
    }

    private static DrainReport report(DrainEngine drain) {
        return drain.start(DrainTrigger.ENDPOINT).report().toCompletableFuture().join();
    }

    @Test
    void countsTheWorkAtTheAnnouncementAndWhatWasAborted() {
        DrainReport report = report(drain(SHORT, Duration.ZERO, new Recorded(3)));
        assertThat(report.participants()).containsExactly(new ParticipantReport("recorded", 3, 3));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(this.asked).containsExactly("prepare", "force");
    }

    @Test
    void endsAsSoonAsTheWorkEnds() {
        Recorded participant = new Recorded(2);
        DrainEngine drain = drain(Duration.ofMinutes(1), Duration.ZERO, participant);
        DrainHandle run = drain.start(DrainTrigger.ENDPOINT);
        Awaitility.await().until(() -> drain.phase() == DrainPhase.FINISHING);
        assertThat(drain.status().participants()).isEqualTo(Map.of("recorded", 2));
        participant.work = 0;
        DrainReport report = run.report().toCompletableFuture().join();
        assertThat(report.participants()).containsExactly(new ParticipantReport("recorded", 2, 0));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void endsByTheDeadlineWhenAParticipantBlocksInPrepare() {
        DrainReport report = report(drain(SHORT, Duration.ZERO, new Recorded(0) {

            @Override
            public void prepare(Duration remaining) {
                block();
            }
        }));
        assertThat(report.participantsAborted()).containsExactly("recorded");
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(10));
        Awaitility.await().untilAsserted(() -> assertThat(this.asked).containsExactly("force", "interrupted"));
    }

    @Test
    void endsByTheDeadlineWhenAParticipantBlocksInIsActiveAndInForce() {
        DrainReport report = report(drain(SHORT, Duration.ZERO, new Recorded(0) {

            @Override
            public int activeWork(Duration remaining) {
                block();
                return 0;
            }

            @Override
            public void force() {
                block();
            }
        }));
        this.release.countDown();
        assertThat(report.participantsAborted()).containsExactly("recorded");
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void waitsToTheDeadlineForAParticipantWhoseWorkIsUnknown() {
        DrainReport report = report(drain(SHORT, Duration.ZERO, new Recorded(0) {

            @Override
            public int activeWork(Duration remaining) {
                throw new IllegalStateException("for the test");
            }
        }));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.participantsAborted()).containsExactly("recorded");
        assertThat(report.failures()).singleElement().satisfies((failure) -> {
            assertThat(failure.step()).isEqualTo("participant recorded: activeWork");
            assertThat(failure.count()).isGreaterThan(1);
        });
    }

    @Test
    void resumesOnceAParticipantHasReturnedFromPreparing() throws InterruptedException {
        CountDownLatch prepares = new CountDownLatch(1);
        DrainEngine drain = drain(Duration.ofMinutes(1), Duration.ofSeconds(30), new Recorded(0) {

            @Override
            public void prepare(Duration remaining) {
                prepares.countDown();
                block();
                super.prepare(remaining);
            }
        });
        DrainHandle run = drain.start(DrainTrigger.ENDPOINT);
        prepares.await();
        drain.resume();
        assertThat(run.report().toCompletableFuture().join().outcome()).isEqualTo(DrainReport.Outcome.RESUMED);
        assertThat(this.asked).isEmpty();
        this.release.countDown();
        Awaitility.await().untilAsserted(() -> assertThat(this.asked).containsExactly("prepare", "resume"));
    }

    @Test
    void leavesNoThreadBehind() {
        report(drain(SHORT, Duration.ZERO, new Recorded(1)));
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch((thread) -> thread.getName().startsWith("drain-participant recorded")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.ParticipantReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What holds for the listeners of every broker. A message under way takes longer than Spring's shutdown phase lasts.
 */
abstract class ListenerContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The application, with a listener that hands its messages to {@link HeldWork}. */
    abstract Class<?> application();

    /** What the report calls the listeners. */
    abstract String participant();

    /** Sends a message. */
    abstract void send(String message) throws Exception;

    /** Whether any of the application's listeners takes messages. */
    abstract boolean isListening(RunningApplication application);

    /** Whether no further message is begun, while one is under way. */
    boolean isHeldBack(RunningApplication application) {
        return !isListening(application);
    }

    /** What the application needs to find its broker. */
    List<String> properties() {
        return List.of();
    }

    /** Whether the participant's thread, which the announcement starts, has nothing to do any more. */
    final boolean isPrepared() {
        return RunningApplication.isPrepared(participant());
    }

    /** What another consumer still gets from the broker, up to and including {@code last}. */
    abstract List<String> takeUntil(String last) throws Exception;

    final RunningApplication start(String... properties) {
        List<String> all = new ArrayList<>(properties());
        all.add("spring.lifecycle.timeout-per-shutdown-phase=500ms");
        all.addAll(List.of(properties));
        return RunningApplication.start(application(), all.toArray(String[]::new));
    }

    static void awaitBegun(HeldWork work, String message) {
        Awaitility.await().atMost(PATIENCE).until(() -> work.begun().contains(message));
    }

    @Test
    void finishesTheMessageUnderWayAndTakesNoOther() throws Exception {
        RunningApplication application = start();
        Drain drain = application.drain();
        HeldWork work = application.bean(HeldWork.class);
        send("under way");
        awaitBegun(work, "under way");
        application.close().awaitFinishing();
        send("late");
        assertThat(application.isClosing()).isTrue();
        assertThat(work.done()).isEmpty();
        work.release();
        application.awaitClosed();
        assertThat(work.done()).containsExactly("under way");
        assertThat(RunningApplication.participant(drain, participant()))
                .isEqualTo(new ParticipantReport(participant(), 1, 0));
        assertThat(takeUntil("late")).containsExactly("late");
    }

    @Test
    void withoutTheDrainTheApplicationIsGoneBeforeItsMessageIsDone() throws Exception {
        RunningApplication application = start("server.drain.enabled=false");
        HeldWork work = application.bean(HeldWork.class);
        send("under way");
        awaitBegun(work, "under way");
        application.close().awaitClosed();
        assertThat(work.done()).isEmpty();
        work.release();
        send("end");
        takeUntil("end");
    }

    @Test
    void takesMessagesWhileDrainingWhereItIsNotToBeStopped() throws Exception {
        RunningApplication application = start(property() + "=false");
        HeldWork work = application.bean(HeldWork.class);
        work.release();
        Drain drain = application.drain();
        drain.addParticipant(new UntilDone(work));
        DrainHandle run = drain.start(DrainTrigger.ENDPOINT);
        application.awaitFinishing();
        send("late");
        awaitBegun(work, "late");
        assertThat(run.awaitReport()).isTrue();
        application.close().awaitClosed();
    }

    @Test
    void takesWhatWasSentMeanwhileOnceTheDrainIsResumed() throws Exception {
        resumeWhileHeldBack(Duration.ZERO);
    }

    /**
     * Resumes a drain that has held the listener back for so long with a message under way, and returns the work once the
     * next message has been taken and the application has ended.
     */
    final HeldWork resumeWhileHeldBack(Duration held) throws Exception {
        RunningApplication application = start("server.drain.announce.delay=50s", "server.drain.timeout=60s");
        HeldWork work = application.bean(HeldWork.class);
        Drain drain = application.drain();
        send("under way");
        awaitBegun(work, "under way");
        drain.start(DrainTrigger.ENDPOINT);
        Awaitility.await().atMost(PATIENCE).until(() -> isHeldBack(application));
        Awaitility.await().during(held).atMost(PATIENCE).until(() -> work.done().isEmpty());
        send("meanwhile");
        assertThat(work.begun()).containsExactly("under way");
        // The listener has not stopped yet, and is to start again as soon as it has.
        drain.resume();
        work.release();
        awaitBegun(work, "meanwhile");
        assertThat(work.done()).startsWith("under way");
        assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);
        application.close();
        drain.start(DrainTrigger.CONTEXT_CLOSE).force();
        application.awaitClosed();
        return work;
    }

    /** Holds the drain until something was done. */
    private record UntilDone(HeldWork work) implements DrainParticipant {

        @Override
        public String name() {
            return "until done";
        }

        @Override
        public boolean isActive(Duration remaining) {
            return this.work.done().isEmpty();
        }
    }

    /** The property that switches the participant off. */
    abstract String property();
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainReport;
import io.github.springdrain.ParticipantReport;
import io.github.springdrain.background.TasksApplication.AsyncWork;
import io.github.springdrain.background.TasksApplication.StoppedEarly;
import io.github.springdrain.background.TasksApplication.Stream;
import io.github.springdrain.background.TasksApplication.Ticks;
import io.github.springdrain.contract.RawConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.scheduling.TaskScheduler;
import reactor.core.publisher.FluxSink;

/** Scheduled and asynchronous work of a Spring application while it leaves service. */
@Timeout(180)
class TasksIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> WAYS = List.of(Stream.SCHEDULER, Stream.EXECUTOR, Stream.ASYNC);

    private static RunningApplication start(String... properties) {
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "spring.task.execution.pool.core-size=1",
                                "spring.task.execution.pool.max-size=1",
                                "spring.task.scheduling.pool.size=3"),
                        java.util.stream.Stream.of(properties))
                .toArray(String[]::new);
        return RunningApplication.start(TasksApplication.class, all);
    }

    private static void await(List<String> list, int size) {
        Awaitility.await().atMost(PATIENCE).until(() -> list.size() >= size);
    }

    /** A run of the asynchronous executors, with two tasks on the pool of one thread and one without a pool. */
    private static HeldWork hand(RunningApplication application) {
        application.bean(AsyncWork.class).onThePool("running");
        application.bean(AsyncWork.class).onThePool("queued");
        application.bean(AsyncWork.class).onAThreadOfItsOwn("thread");
        HeldWork work = application.bean(HeldWork.class);
        await(work.begun(), 2);
        return work;
    }

    @Test
    void asynchronousTasksThatRunOrWaitEndBeforeTheApplicationGoes() throws Exception {
        RunningApplication application = start("spring.lifecycle.timeout-per-shutdown-phase=500ms");
        Drain drain = application.drain();
        HeldWork work = hand(application);
        application.close().awaitFinishing();
        assertThat(work.done()).isEmpty();
        assertThat(application.isClosing()).isTrue();
        work.release();
        application.awaitClosed();
        assertThat(work.done()).containsExactlyInAnyOrder("running", "queued", "thread");
        assertThat(RunningApplication.participant(drain, "task executors"))
                .isEqualTo(new ParticipantReport("task executors", 3, 0));
    }

    @ParameterizedTest
    @CsvSource({"server.drain.enabled=false", "server.drain.participants.executors.enabled=false"})
    void withoutTheDrainTheApplicationIsGoneBeforeTheyEnd(String property) throws Exception {
        RunningApplication application = start("spring.lifecycle.timeout-per-shutdown-phase=500ms", property);
        HeldWork work = hand(application);
        application.close().awaitClosed();
        assertThat(work.done()).isEmpty();
        work.release();
    }

    @Test
    void noScheduledRunBeginsAfterTheAnnouncementAndTheOneUnderWayEnds() throws Exception {
        RunningApplication application = start();
        Drain drain = application.drain();
        Ticks ticks = application.bean(Ticks.class);
        ticks.holdNext();
        HeldWork work = application.bean(HeldWork.class);
        await(work.begun(), 1);
        application.close().awaitFinishing();
        int before = ticks.count();
        awaitTenTicksOf(application.bean(TaskScheduler.class));
        assertThat(ticks.count()).isEqualTo(before);
        work.release();
        application.awaitClosed();
        assertThat(work.done()).containsExactly("scheduled");
        assertThat(RunningApplication.participant(drain, "scheduled tasks").active())
                .isPositive();
    }

    /** A task that requests could have scheduled runs, on the same scheduler, when ten more ticks would have come. */
    private static void awaitTenTicksOf(TaskScheduler scheduler) throws InterruptedException {
        CountDownLatch later = new CountDownLatch(1);
        ScheduledFuture<?> unused =
                scheduler.schedule(later::countDown, Instant.now().plusMillis(100));
        assertThat(later.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void scheduledRunsGoOnWhereTheyAreNotToBeStopped() throws Exception {
        RunningApplication application = start("server.drain.participants.scheduled.enabled=false");
        HeldWork work = hand(application);
        application.close().awaitFinishing();
        Ticks ticks = application.bean(Ticks.class);
        int before = ticks.count();
        Awaitility.await().atMost(PATIENCE).until(() -> ticks.count() > before + 10);
        work.release();
        application.awaitClosed();
    }

    /**
     * Without the drain's hand in it a scheduler rejects tasks by then; a pool may still take them, and not run them.
     */
    @ParameterizedTest
    @CsvSource({"true, accepted", "false, rejected"})
    void aRequestInServiceHandsOnTasksUntilItsResponseEnds(boolean enabled, String expected) throws Exception {
        RunningApplication application = start("server.drain.participants.executors.enabled=" + enabled);
        Stream stream = application.bean(Stream.class);
        RawConnection connection = requestStream(application);
        closeUntilAllHaveHeard(application);
        handOnTasks(stream, enabled ? WAYS : List.of());
        String response = connection.read().text();
        application.awaitClosed();
        assertThat(response).contains("x " + expected);
        if (enabled) {
            assertThat(response).endsWith(" accepted".repeat(WAYS.size()));
        } else {
            assertThat(stream.ran).doesNotContain(Stream.SCHEDULER);
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void tasksOnVirtualThreadsEndBeforeTheApplicationGoesAndRequestsHandOnMore() throws Exception {
        RunningApplication application =
                start("spring.threads.virtual.enabled=true", "spring.lifecycle.timeout-per-shutdown-phase=500ms");
        Drain drain = application.drain();
        application.bean(AsyncWork.class).onThePool("virtual");
        application.bean(Ticks.class).holdNext();
        HeldWork work = application.bean(HeldWork.class);
        await(work.begun(), 2);
        RawConnection connection = requestStream(application);
        closeUntilAllHaveHeard(application);
        handOnTasks(application.bean(Stream.class), WAYS);
        assertThat(connection.read().text()).endsWith("x" + " accepted".repeat(WAYS.size()));
        assertThat(application.isClosing()).isTrue();
        assertThat(work.done()).isEmpty();
        work.release();
        application.awaitClosed();
        assertThat(work.done()).contains("virtual", "scheduled");
        assertThat(RunningApplication.participant(drain, "task executors"))
                .isEqualTo(new ParticipantReport("task executors", 1, 0));
        assertThat(RunningApplication.participant(drain, "scheduled tasks").active())
                .isPositive();
    }

    /** A request in service, whose response goes on until the test ends it. */
    private static RawConnection requestStream(RunningApplication application) throws Exception {
        RawConnection connection = application.client().connect().request("GET", "/stream");
        Stream stream = application.bean(Stream.class);
        Awaitility.await().atMost(PATIENCE).until(() -> stream.sink != null);
        return connection;
    }

    private static void closeUntilAllHaveHeard(RunningApplication application) throws InterruptedException {
        CountDownLatch stopped = application.bean(StoppedEarly.class).stopped;
        application.close();
        assertThat(stopped.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Has the request in service hand on a task in every way, and end once {@code run} of them have run. */
    private static void handOnTasks(Stream stream, List<String> run) {
        FluxSink<String> sink = Objects.requireNonNull(stream.sink);
        WAYS.forEach(sink::next);
        Awaitility.await().atMost(PATIENCE).until(() -> stream.ran.containsAll(run));
        sink.complete();
    }

    @Test
    void aTaskThatNeverEndsIsCutAtTheDeadline() throws Exception {
        RunningApplication application = start("server.drain.timeout=2s");
        Drain drain = application.drain();
        HeldWork work = hand(application);
        long start = System.nanoTime();
        application.close().awaitClosed();
        // Spring alone would wait for the timeout of the shutdown phase, 30 seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
        assertThat(work.done()).isEmpty();
        DrainReport report = drain.status().report();
        assertThat(report).isNotNull();
        assertThat(report.participantsAborted()).containsExactly("task executors");
        work.release();
    }
}

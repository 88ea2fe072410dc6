// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainPhaseEvent;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.RecordingServer;
import io.github.springdrain.testing.WebApplication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;

class DrainLifecycleTests {

    private final WebApplication application = new WebApplication();

    private final ConfigurableApplicationContext context = this.application.context();

    private final RecordingServer server = this.application.server();

    private final List<String> story = this.application.story();

    @AfterEach
    void closeContext() {
        this.application.abandon();
    }

    @Test
    void drainsBeforeAnyOtherListenerOfTheCloseAndBeforeBootStopsTheServer() {
        start();
        this.context.close();
        assertThat(this.story)
                .startsWith(
                        "Boot starts the server",
                        "announce",
                        "emptyAcceptQueue",
                        "closeListeners",
                        "closeIdle",
                        "application is notified",
                        "Boot shuts down gracefully",
                        "Boot stops the server");
    }

    @Test
    void notifiesTheApplicationOnlyWhenEveryRequestHasItsResponse() {
        DrainEngine drain = start();
        ConnectionSnapshot slow = this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        CompletableFuture<Void> closing = CompletableFuture.runAsync(this.context::close);
        awaitPhase(drain, DrainPhase.FINISHING);
        this.story.add("responded");
        this.server.close(slow);
        assertThat(closing).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(this.story)
                .containsSubsequence("responded", "application is notified", "Boot shuts down gracefully");
    }

    @Test
    void givesTheApplicationItsTurnToEndAStream() {
        ConnectionSnapshot stream = this.server.open(ConnectionState.RESPONDING, "GET", "/sse");
        DrainEngine drain = this.application
                .on(ContextClosedEvent.class, (event) -> this.server.close(stream))
                .start();
        this.context.close();
        assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
        assertThat(this.story).doesNotContain("abort");
    }

    @Test
    void keepsListenersThatItLeavesAloneUntilSuspendedRequestsHaveTheirResponses() {
        this.application.with("server.drain.participants.exclude=replies");
        ConnectionSnapshot asking = this.server.openSuspended("GET", "/ask");
        CompletableFuture<Void> closing = closeBesideAListener();
        await().atMost(Duration.ofSeconds(30)).until(() -> this.story.contains("application is notified"));
        assertThat(this.story).doesNotContain("replies stop");
        this.story.add("responded");
        this.server.close(asking);
        assertThat(closing).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(this.story).containsSubsequence("responded", "replies stop", "Boot shuts down gracefully");
    }

    @Test
    void keepsNoListenersForSuspendedRequestsWhereItLeavesNoneAlone() {
        ConnectionSnapshot asking = this.server.openSuspended("GET", "/ask");
        CompletableFuture<Void> closing = closeBesideAListener();
        await().atMost(Duration.ofSeconds(30)).until(() -> this.story.contains("replies stop"));
        this.server.close(asking);
        assertThat(closing).succeedsWithin(20, TimeUnit.SECONDS);
    }

    /** Closes an application with a bean that stops as early as listeners of messages do. */
    private CompletableFuture<Void> closeBesideAListener() {
        start(Replies.class);
        Replies replies = this.context.getBean(Replies.class);
        replies.onStop = () -> this.story.add("replies stop");
        return CompletableFuture.runAsync(this.context::close);
    }

    static final class Replies implements SmartLifecycle {

        private volatile boolean running;

        private volatile Runnable onStop = () -> {};

        @Override
        public void start() {
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
            this.onStop.run();
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }
    }

    @Test
    void waitsForStreamsBeforeBootStopsTheServer() {
        DrainEngine drain = start();
        ConnectionSnapshot download = this.server.open(ConnectionState.RESPONDING, "GET", "/download");
        CompletableFuture<Void> closing = CompletableFuture.runAsync(this.context::close);
        await().atMost(Duration.ofSeconds(30)).until(() -> this.story.contains("application is notified"));
        assertThat(drain.phase()).isEqualTo(DrainPhase.FINISHING);
        this.story.add("downloaded");
        this.server.close(download);
        assertThat(closing).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(this.story).containsSubsequence("downloaded", "Boot shuts down gracefully");
    }

    @Test
    void isNotCutByTheTimeoutOfTheShutdownPhases() {
        this.application.with("spring.lifecycle.timeout-per-shutdown-phase=1ms");
        waitsForStreamsBeforeBootStopsTheServer();
    }

    @Test
    void letsTheRequestThatAskedForTheDrainHaveItsResponseBeforeBootStopsTheServer() {
        DrainEngine drain = start();
        drain.workIs((request) -> !request.path().equals("/actuator/drain/wait"));
        ConnectionSnapshot control = this.server.open(ConnectionState.IN_SERVICE, "POST", "/actuator/drain/wait");
        this.server.beforeScan(() -> {
            if (drain.phase() == DrainPhase.DRAINED) {
                this.story.add("control responded");
                this.server.close(control);
            }
        });
        this.context.close();
        assertThat(this.story).containsSubsequence("control responded", "Boot shuts down gracefully");
    }

    @Test
    void abortsAHealthCheckThatHangsBeforeBootWaitsForItsThread() {
        DrainEngine drain = start();
        drain.workIs((request) -> !request.path().startsWith("/actuator"));
        drain.callersAre((request) -> request.path().startsWith("/actuator/drain"));
        this.server.open(ConnectionState.IN_SERVICE, "GET", "/actuator/health");
        this.context.close();
        assertThat(drain.status().report()).extracting(DrainReport::outcome).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.story).containsSubsequence("closeListeners", "abort", "Boot shuts down gracefully");
        assertThat(this.server.connections()).isEmpty();
    }

    @Test
    void doesNotDrainWhenTheContextIsStoppedAndStartedAgain() {
        List<DrainPhase> phases = new CopyOnWriteArrayList<>();
        DrainEngine drain = this.application
                .on(DrainPhaseEvent.class, (event) -> phases.add(event.phase()))
                .start();
        this.context.stop();
        this.context.start();
        assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);
        assertThat(phases).isEmpty();
        this.story.clear();
        this.context.close();
        assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
        assertThat(this.story).containsSubsequence("announce", "closeListeners", "Boot stops the server");
    }

    @Test
    void givesRequestsTheirTimeWhenTheContextIsStopped() {
        start();
        ConnectionSnapshot slow = this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(this.context::stop);
        await().atMost(Duration.ofSeconds(30)).until(() -> this.story.contains("closeListeners"));
        assertThat(this.story).doesNotContain("Boot stops the server");
        this.story.add("responded");
        this.server.close(slow);
        assertThat(stopping).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(this.story)
                .containsSubsequence("responded", "Boot stops the server")
                .doesNotContain("abort");
    }

    @Test
    void givesRequestsNoMoreThanTheTimeOfAShutdownPhaseWhenTheContextIsStopped() {
        this.application.with("spring.lifecycle.timeout-per-shutdown-phase=300ms");
        start();
        this.server.open(ConnectionState.IN_SERVICE, "GET", "/for/ever");
        assertThat(CompletableFuture.runAsync(this.context::stop)).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(this.story).contains("Boot stops the server").doesNotContain("abort");
    }

    @Test
    void leavesTheServerInServiceWhenAChildContextCloses() {
        DrainEngine drain = start();
        GenericApplicationContext child = new GenericApplicationContext(this.context);
        child.refresh();
        child.close();
        assertThat(this.story).contains("application is notified");
        assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);
    }

    @Test
    void joinsADrainThatAnOperatorHasStarted() throws Exception {
        DrainEngine drain = start();
        drain.start(DrainTrigger.ENDPOINT).awaitReport();
        this.context.close();
        assertThat(drain.status().trigger()).isEqualTo(DrainTrigger.ENDPOINT);
        assertThat(this.story)
                .containsSubsequence("closeListeners", "application is notified", "Boot stops the server");
    }

    /** Each drain that followed on a resumed one would have a deadline of its own. */
    @Test
    void cannotBeResumedOnceTheContextCloses() {
        this.application.with("server.drain.announce.delay=300ms");
        DrainEngine drain = start();
        List<String> refusals = new CopyOnWriteArrayList<>();
        drain.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                if (phase == DrainPhase.ANNOUNCED) {
                    try {
                        drain.resume();
                    } catch (IllegalStateException ex) {
                        refusals.add(ex.getMessage());
                    }
                }
            }
        });
        this.context.close();
        assertThat(refusals).singleElement().asString().contains("the application is closing");
        assertThat(this.story)
                .doesNotContain("resume")
                .containsSubsequence("closeListeners", "application is notified");
        assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
    }

    @Test
    void drainsInTheSecondStageWhenTheFirstWasNeverStarted() {
        this.application.context().registerBean("applicationEventMulticaster", SilentMulticaster.class);
        DrainEngine drain = start();
        this.context.close();
        assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
        assertThat(this.story)
                .doesNotContain("application is notified")
                .containsSubsequence("closeListeners", "Boot shuts down gracefully");
    }

    @Test
    void doesNothingWhereNoServerIsServing() {
        DrainEngine drain = start();
        this.server.stop();
        this.context.close();
        assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);
        assertThat(this.story).doesNotContain("announce");
    }

    @Test
    void cannotBePausedByTheTestContextCacheOfSpring7() {
        start();
        assertThat(this.context.getBean(DrainLifecycle.class).isPauseable()).isFalse();
    }

    private DrainEngine start(Class<?>... configurations) {
        return this.application
                .on(ContextClosedEvent.class, (event) -> this.story.add("application is notified"))
                .start(configurations);
    }

    private static void awaitPhase(DrainEngine drain, DrainPhase phase) {
        await().atMost(Duration.ofSeconds(30)).until(() -> drain.phase() == phase);
    }

    /** An application's own multicaster may do as it likes. */
    private static final class SilentMulticaster extends SimpleApplicationEventMulticaster {

        @Override
        public void multicastEvent(ApplicationEvent event, ResolvableType type) {
            if (!(event instanceof ContextClosedEvent)) {
                super.multicastEvent(event, type);
            }
        }
    }
}

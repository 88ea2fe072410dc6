// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.Drain;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.testing.WebApplication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

class DrainReadinessTests {

    private static final String ACCEPTING = "ACCEPTING_TRAFFIC";

    private static final String REFUSING = "REFUSING_TRAFFIC";

    private final WebApplication application = new WebApplication();

    private final List<String> story = this.application.story();

    @AfterEach
    void closeContext() {
        this.application.abandon();
    }

    @Test
    void refusesAtOnceWhenAnOperatorStartsTheDrain() throws Exception {
        Drain drain = start("server.drain.announce.readiness=immediate");
        drain.start(DrainTrigger.ENDPOINT).awaitReport();
        assertThat(this.story).containsSubsequence(ACCEPTING, REFUSING, "announce", "closeListeners");
    }

    @Test
    void refusesOnlyOnceWhenTheContextCloses() {
        start("server.drain.announce.readiness=immediate");
        this.application.close();
        assertThat(readiness()).containsExactly(ACCEPTING, REFUSING);
    }

    @Test
    void refusesWhenTheListenersAreClosed() throws Exception {
        Drain drain = start("server.drain.announce.readiness=at-close");
        drain.start(DrainTrigger.ENDPOINT).awaitReport();
        assertThat(this.story).containsSubsequence("announce", "emptyAcceptQueue", REFUSING, "closeListeners");
        assertThat(readiness()).containsExactly(ACCEPTING, REFUSING);
    }

    @Test
    void correctsUntilTheListenersAreClosedWhatBootHasPublishedTooEarly() {
        start("server.drain.announce.readiness=at-close");
        this.application.close();
        assertThat(readiness()).containsExactly(ACCEPTING, REFUSING, ACCEPTING, REFUSING);
        assertThat(this.story)
                .containsSubsequence(REFUSING, ACCEPTING, "announce", "emptyAcceptQueue", REFUSING, "closeListeners");
    }

    /** The context begins to close just before an operator's drain closes the listeners. */
    @Test
    void leavesWhatBootHasPublishedWhenTheListenersAreClosedByNow() throws Exception {
        Drain drain = start("server.drain.announce.readiness=at-close");
        AvailabilityChangeEvent.publish(this.application.context(), ReadinessState.REFUSING_TRAFFIC);
        drain.start(DrainTrigger.ENDPOINT).awaitReport();
        this.application.context().getBean(DrainReadiness.class).contextClosing();
        assertThat(readiness()).containsExactly(ACCEPTING, REFUSING);
    }

    @Test
    void neverRefusesByPolicy() {
        start("server.drain.announce.readiness=never");
        this.application.close();
        assertThat(readiness()).containsExactly(ACCEPTING, REFUSING, ACCEPTING);
    }

    @Test
    void leavesItToAnApplicationThatRefusesForAReasonOfItsOwn() {
        start("server.drain.announce.readiness=never");
        AvailabilityChangeEvent.publish(this.application.context(), ReadinessState.REFUSING_TRAFFIC);
        this.application.close();
        assertThat(readiness()).containsExactly(ACCEPTING, REFUSING, REFUSING);
    }

    @Test
    void acceptsAgainWhenTheDrainIsResumed() {
        Drain drain = start("server.drain.announce.delay=20s");
        resume(drain);
        assertThat(readiness()).containsExactly(ACCEPTING, REFUSING, ACCEPTING);
    }

    @Test
    void doesNotAcceptForAnApplicationThatRefusedBeforeTheDrain() {
        Drain drain = start("server.drain.announce.delay=20s");
        AvailabilityChangeEvent.publish(this.application.context(), ReadinessState.REFUSING_TRAFFIC);
        resume(drain);
        assertThat(readiness()).containsExactly(ACCEPTING, REFUSING);
    }

    @Test
    void correctsWhatBootHasPublishedWhenTheContextClosesDuringTheAnnouncement() {
        Drain drain = start("server.drain.announce.readiness=never", "server.drain.announce.delay=1s");
        ConnectionSnapshot slow = this.application.server().open(ConnectionState.IN_SERVICE, "GET", "/slow");
        drain.start(DrainTrigger.ENDPOINT);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(this.application.context()::close);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(readiness()).containsExactly(ACCEPTING, REFUSING, ACCEPTING));
        this.application.server().close(slow);
        assertThat(closing).succeedsWithin(20, TimeUnit.SECONDS);
    }

    /** The readiness has to be right by the time this returns: a probe may come at once. */
    private void resume(Drain drain) {
        drain.start(DrainTrigger.ENDPOINT);
        await().atMost(Duration.ofSeconds(30)).until(() -> this.story.contains("announce"));
        drain.resume();
    }

    private List<String> readiness() {
        return this.story.stream().filter((event) -> event.endsWith("_TRAFFIC")).toList();
    }

    /** Started as {@code SpringApplication} does it: ready as soon as everything runs. */
    private Drain start(String... properties) {
        Drain drain = this.application
                .with(properties)
                .on(
                        AvailabilityChangeEvent.class,
                        (event) -> this.story.add(event.getState().toString()))
                .start();
        AvailabilityChangeEvent.publish(this.application.context(), ReadinessState.ACCEPTING_TRAFFIC);
        return drain;
    }
}

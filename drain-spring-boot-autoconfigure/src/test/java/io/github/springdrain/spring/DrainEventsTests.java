// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhaseEvent;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainReportEvent;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.testing.WebApplication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainEventsTests {

    private final WebApplication application = new WebApplication();

    private final List<String> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeContext() {
        this.application.abandon();
    }

    @Test
    void publishesEveryPhaseAndTheReport() {
        Drain drain = start();
        this.application.close();
        assertThat(this.events)
                .containsExactly(
                        "ANNOUNCED", "EMPTYING_ACCEPT_QUEUE", "CLOSED_TO_NEW", "FINISHING", "DRAINED", "GRACEFUL");
        assertThat(drain.status().report()).isNotNull();
    }

    @Test
    void publishesThatTheDrainWasResumedAsRunning() throws Exception {
        Drain drain = start("server.drain.announce.delay=20s");
        DrainHandle run = drain.start(DrainTrigger.ENDPOINT);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> this.application.story().contains("announce"));
        drain.resume();
        assertThat(run.awaitReport()).isTrue();
        assertThat(this.events).containsExactly("ANNOUNCED", "RUNNING");
    }

    @Test
    void carriesTheTimelineThatEverybodyShares() throws Exception {
        List<DrainPhaseEvent> seen = new CopyOnWriteArrayList<>();
        DrainHandle run =
                this.application.on(DrainPhaseEvent.class, seen::add).start().start(DrainTrigger.ENDPOINT);
        assertThat(run.awaitReport()).isTrue();
        assertThat(seen).isNotEmpty().allMatch((event) -> event.timeline() == run.timeline());
    }

    @Test
    void listsTheListenersAndParticipantsOfTheApplication() {
        this.application.context().registerBean("listener", DrainListener.class, TellingListener::new);
        this.application.context().registerBean("participant", DrainParticipant.class, TellingParticipant::new);
        this.application.start();
        this.application.close();
        assertThat(this.events).containsExactly("participant prepares", "listener sees GRACEFUL");
    }

    private Drain start(String... properties) {
        return this.application
                .with(properties)
                .on(
                        DrainPhaseEvent.class,
                        (event) -> this.events.add(event.phase().name()))
                .on(
                        DrainReportEvent.class,
                        (event) -> this.events.add(event.report().outcome().name()))
                .start();
    }

    private final class TellingListener implements DrainListener {

        @Override
        public void drained(DrainReport report) {
            DrainEventsTests.this.events.add("listener sees " + report.outcome());
        }
    }

    private final class TellingParticipant implements DrainParticipant {

        @Override
        public String name() {
            return "consumer";
        }

        @Override
        public void prepare(Duration remaining) {
            DrainEventsTests.this.events.add("participant prepares");
        }

        @Override
        public boolean isActive(Duration remaining) {
            return false;
        }
    }
}

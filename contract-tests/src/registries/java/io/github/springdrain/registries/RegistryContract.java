// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.registries;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a drain does about a registry, whichever it is. */
@ExtendWith(OutputCaptureExtension.class)
abstract class RegistryContract {

    /** Starts an application that registers with the registry of the test. */
    abstract RegisteredApplication start(String... properties);

    /** Whether clients that ask the registry now are given the application. */
    abstract boolean isUp();

    private RegisteredApplication startAndAwaitUp(String... properties) {
        RegisteredApplication application = start(properties);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isUp);
        return application;
    }

    private void awaitGone() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !isUp());
    }

    @Test
    void deregistersAtTheAnnouncementAndServesOn() throws Exception {
        try (RegisteredApplication application = startAndAwaitUp("server.drain.announce.delay=20s")) {
            application.announce();
            awaitGone();
            assertThat(application.drain().phase()).isEqualTo(DrainPhase.ANNOUNCED);
            assertThat(application.get()).isEqualTo(200);
            application.drain().resume();
        }
    }

    @Test
    void registersAgainWhenResumed() throws Exception {
        try (RegisteredApplication application = startAndAwaitUp("server.drain.announce.delay=20s")) {
            for (int i = 0; i < 2; i++) {
                application.announce();
                awaitGone();
                application.drain().resume();
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isUp);
            }
        }
    }

    @Test
    void deregistersBeforeTheListenersAreClosedAndOnceOnly(CapturedOutput output) throws Exception {
        // On a busy machine it takes a while to see that it is gone.
        try (RegisteredApplication application = startAndAwaitUp("server.drain.announce.delay=6s")) {
            Drain drain = application.drain();
            CompletableFuture<Integer> held = application.holdRequest();
            application.beginToClose();
            awaitGone();
            assertThat(drain.phase()).isEqualTo(DrainPhase.ANNOUNCED);
            application.awaitPhase(DrainPhase.FINISHING);
            application.release();
            assertThat(held.get()).isEqualTo(200);
            application.awaitClosed();
            assertThat(isUp()).isFalse();
            DrainReport report = drain.status().report();
            assertThat(report).isNotNull();
            assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        }
        assertThat(output).contains("Deregistered from").doesNotContain("Destroy method");
    }

    /** The control: Spring Cloud alone deregisters when its turn comes, which is after the first stage of the drain. */
    @Test
    void isRegisteredUntilTheListenersAreClosedWhereTurnedOff() throws Exception {
        try (RegisteredApplication application =
                startAndAwaitUp("server.drain.participants.registries.enabled=false")) {
            CompletableFuture<Integer> held = application.holdRequest();
            application.beginToClose();
            application.awaitPhase(DrainPhase.FINISHING);
            assertThat(isUp()).isTrue();
            application.release();
            assertThat(held.get()).isEqualTo(200);
            application.awaitClosed();
            assertThat(isUp()).isFalse();
        }
    }

    /** The control: plain Spring Boot leaves the registry, too. */
    @Test
    void isGoneAtTheEndWithoutTheStarter() {
        startAndAwaitUp("server.drain.enabled=false").closeIdle();
        assertThat(isUp()).isFalse();
    }
}

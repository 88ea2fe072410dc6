// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.ParticipantReport;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What holds for the bindings of Spring Cloud Stream, whichever the binder. */
abstract class StreamContract extends ListenerContract {

    static final String DESTINATION = "stream";

    /** Of the container, for its stop: shorter than by default, so that a test need not wait as long. */
    static final Duration LIMIT = Duration.ofMillis(500);

    private static final Duration OUTLASTED = LIMIT.multipliedBy(6);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    String participant() {
        return "stream bindings";
    }

    @Override
    String property() {
        return "server.drain.participants.stream.enabled";
    }

    static List<String> binding(String group) {
        return List.of(
                // The binder's producers and consumers are set up by Spring Boot.
                "spring.autoconfigure.exclude=",
                "spring.cloud.compatibility-verifier.enabled=false",
                "spring.cloud.function.definition=work",
                "spring.cloud.stream.bindings.work-in-0.destination=" + DESTINATION,
                "spring.cloud.stream.bindings.work-in-0.group=" + group);
    }

    @Override
    boolean isListening(RunningApplication application) {
        return application.bean(BindingsLifecycleController.class).queryState("work-in-0").stream()
                .anyMatch(Binding::isRunning);
    }

    /** The stop of a binding ends with its message, and counts as running until then. */
    @Override
    boolean isHeldBack(RunningApplication application) {
        return isPrepared();
    }

    @Test
    void aMessageThatOutlastsTheLimitOfItsContainerIsAwaited() throws Exception {
        RunningApplication application = start();
        Drain drain = application.drain();
        HeldWork work = application.bean(HeldWork.class);
        send("under way");
        awaitBegun(work, "under way");
        application.close().awaitFinishing();
        Awaitility.await().during(OUTLASTED).atMost(PATIENCE).until(application::isClosing);
        work.release();
        application.awaitClosed();
        assertThat(work.done()).containsExactly("under way");
        assertThat(RunningApplication.participant(drain, participant()))
                .isEqualTo(new ParticipantReport(participant(), 1, 0));
    }

    @Test
    void takesTheNextMessageAfterAResumeWhereOneOutlastedTheLimitOfItsContainer() throws Exception {
        assertThat(resumeWhileHeldBack(OUTLASTED).begun()).containsExactly("under way", "meanwhile");
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(HeldWork.class)
    static class StreamApplication {

        @Bean
        Consumer<String> work(HeldWork work) {
            return work::run;
        }
    }
}

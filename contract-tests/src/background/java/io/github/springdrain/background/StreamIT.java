// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.ParticipantReport;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/** Spring Cloud Stream with its binder for Kafka, and a broker in this process. */
@Tag("long")
@Timeout(240)
class StreamIT extends ListenerContract {

    private static final String TOPIC = "stream";

    /** Of the container, for its stop. */
    private static final Duration LIMIT = Duration.ofMillis(500);

    private static final Duration OUTLASTED = LIMIT.multipliedBy(6);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final KafkaBroker broker = new KafkaBroker(TOPIC);

    @BeforeAll
    static void startBroker() {
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.stop();
    }

    @Override
    Class<?> application() {
        return StreamApplication.class;
    }

    @Override
    String participant() {
        return "stream bindings";
    }

    @Override
    String property() {
        return "server.drain.participants.stream.enabled";
    }

    @Override
    List<String> properties() {
        return List.of(
                // The binder's producers and consumers are set up by Spring Boot.
                "spring.autoconfigure.exclude=",
                "spring.cloud.compatibility-verifier.enabled=false",
                "spring.cloud.function.definition=work",
                "spring.cloud.stream.bindings.work-in-0.destination=" + TOPIC,
                "spring.cloud.stream.bindings.work-in-0.group=" + KafkaBroker.GROUP,
                "spring.cloud.stream.kafka.bindings.work-in-0.consumer.start-offset=earliest",
                "spring.cloud.stream.kafka.binder.brokers=" + broker.address(),
                "spring.cloud.stream.kafka.binder.consumer-properties.session.timeout.ms=6000",
                "spring.cloud.stream.kafka.binder.consumer-properties.heartbeat.interval.ms=1000");
    }

    @Override
    void send(String message) throws Exception {
        broker.send(TOPIC, message);
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

    @Override
    List<String> takeUntil(String last) {
        return broker.takeUntil(TOPIC, last);
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

        /** A limit like the 10 s of Spring for Apache Kafka, so that a test need not wait as long. */
        @Bean
        ListenerContainerCustomizer<AbstractMessageListenerContainer<?, ?>> limit() {
            return (container, destination, group) ->
                    container.getContainerProperties().setShutdownTimeout(LIMIT.toMillis());
        }

        @Bean
        Consumer<String> work(HeldWork work) {
            return work::run;
        }
    }
}

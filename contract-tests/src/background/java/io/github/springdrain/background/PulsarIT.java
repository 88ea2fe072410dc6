// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.pulsar.common.schema.SchemaType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.pulsar.annotation.EnablePulsar;
import org.springframework.pulsar.annotation.PulsarListener;
import org.springframework.pulsar.config.ConcurrentPulsarListenerContainerFactory;
import org.springframework.pulsar.config.PulsarListenerEndpointRegistry;
import org.springframework.pulsar.listener.PulsarContainerProperties;

/** Spring for Apache Pulsar, its containers as they are, with a client that is recorded. */
@Timeout(240)
class PulsarIT extends ListenerContract {

    private static final RecordedPulsar pulsar = new RecordedPulsar();

    @Override
    Class<?> application() {
        return PulsarApplication.class;
    }

    @Override
    String participant() {
        return "Pulsar listeners";
    }

    @Override
    String property() {
        return "server.drain.participants.pulsar.enabled";
    }

    /** Spring looks into the consumer for its type, and says that it is not one of Pulsar's own. */
    @Override
    List<String> properties() {
        return List.of("logging.level.org.springframework.pulsar.listener.DefaultPulsarMessageListenerContainer=off");
    }

    @Override
    void send(String message) {
        pulsar.send(message);
    }

    @Override
    boolean isListening(RunningApplication application) {
        return application.bean(PulsarListenerEndpointRegistry.class).getListenerContainers().stream()
                .anyMatch(Lifecycle::isRunning);
    }

    @Override
    List<String> takeUntil(String last) {
        return pulsar.takeAll();
    }

    /** Not so with Pulsar: see {@link #withoutTheDrainSpringWaitsForTheMessage}. */
    @Override
    void withoutTheDrainTheApplicationIsGoneBeforeItsMessageIsDone() {}

    /** The control: the containers wait for their threads without a limit, which the shutdown phase cannot shorten. */
    @Test
    void withoutTheDrainSpringWaitsForTheMessage() throws Exception {
        RunningApplication application = start("server.drain.enabled=false");
        HeldWork work = application.bean(HeldWork.class);
        send("under way");
        awaitBegun(work, "under way");
        int calls = pulsar.calls().size();
        application.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        pulsar.calls().subList(calls, pulsar.calls().size()).contains("pause"));
        work.release();
        application.awaitClosed();
        assertThat(work.done()).containsExactly("under way");
    }

    @Test
    void acknowledgesTheMessageUnderWayBeforeItsConsumerIsClosed() throws Exception {
        RunningApplication application = start();
        HeldWork work = application.bean(HeldWork.class);
        send("under way");
        awaitBegun(work, "under way");
        int calls = pulsar.calls().size();
        application.close().awaitFinishing();
        assertThat(pulsar.calls().subList(calls, pulsar.calls().size())).containsExactly("pause");
        work.release();
        application.awaitClosed();
        assertThat(pulsar.calls().subList(calls, pulsar.calls().size())).first().isEqualTo("pause");
        assertThat(pulsar.calls()).last().isEqualTo("close");
        assertThat(pulsar.takeAll()).isEmpty();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnablePulsar
    @Import({HeldWork.class, Listener.class})
    static class PulsarApplication {

        @Bean
        ConcurrentPulsarListenerContainerFactory<String> pulsarListenerContainerFactory() {
            return new ConcurrentPulsarListenerContainerFactory<>(pulsar.consumers(), new PulsarContainerProperties());
        }
    }

    record Listener(HeldWork work) {

        @PulsarListener(id = "work", topics = "work", subscriptionName = "work", schemaType = SchemaType.STRING)
        void receive(String message) {
            this.work.run(message);
        }
    }
}

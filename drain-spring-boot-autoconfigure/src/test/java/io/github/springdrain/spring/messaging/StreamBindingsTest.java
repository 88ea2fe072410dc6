// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binder.DefaultBinding;
import org.springframework.cloud.stream.binding.Bindable;
import org.springframework.cloud.stream.binding.BindingService;
import org.springframework.cloud.stream.binding.InputBindingLifecycle;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.integration.core.Pausable;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;

/** Bindings as Spring Cloud Stream lists them; no binder is at work. */
@Timeout(60)
class StreamBindingsTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final FakeAdapter input = new FakeAdapter();

    private final FakeAdapter audit = new FakeAdapter();

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    private StreamBindings participant(String group, String... excluded) {
        InputBindingLifecycle inputs = inputs(
                new DefaultBinding<>("handle-in-0", group, "", this.input),
                new DefaultBinding<>("audit-in-0", group, "", this.audit));
        this.context.registerBean("inputs", InputBindingLifecycle.class, () -> inputs);
        this.context.refresh();
        return new StreamBindings(this.context, Set.of(excluded));
    }

    @SafeVarargs
    @SuppressWarnings("NullAway") // Spring Cloud wants a service for its bindings; these are there already.
    private static InputBindingLifecycle inputs(Binding<Object>... bindings) {
        return new InputBindingLifecycle(null, new HashMap<>(Map.of("bindings", new Bindable() {

            @Override
            public Collection<Binding<Object>> createAndBindInputs(BindingService service) {
                return List.of(bindings);
            }
        })));
    }

    @AfterEach
    void close() {
        this.context.close();
    }

    @Test
    void stopsWhatBringsMessagesInAndStartsItAgain() {
        StreamBindings participant = participant("shop");
        assertThat(participant.activeWork(TIME)).isEqualTo(2);
        participant.prepare(TIME);
        Awaitility.await().until(() -> !participant.isActive(TIME));
        assertThat(this.input.isRunning()).isFalse();
        participant.resume();
        assertThat(this.input.isRunning()).isTrue();
    }

    @Test
    void leavesAloneWhatIsExcludedOrDoesNotRun() {
        this.input.running = false;
        StreamBindings participant = participant("shop", "audit-in-0");
        participant.prepare(TIME);
        assertThat(participant.isActive(TIME)).isFalse();
        assertThat(this.audit.isRunning()).isTrue();
        participant.resume();
        assertThat(this.input.isRunning()).isFalse();
    }

    /** Spring Cloud Stream does not start it again once it was stopped. */
    @Test
    void pausesABindingWithoutAGroupWhereItCan() {
        StreamBindings participant = participant("");
        participant.prepare(TIME);
        Awaitility.await().until(() -> this.input.isPaused() && !participant.isActive(TIME));
        assertThat(this.input.isRunning()).isTrue();
        participant.resume();
        assertThat(this.input.isPaused()).isFalse();
    }

    /** One that has its own way counts as stopped after 10 s, with its message still under way. */
    @Test
    void aContainerWaitsForItsMessageAsLongAsTheDrain() {
        StreamBindings participant = participant("shop");
        participant.prepare(TIME);
        Awaitility.await().until(() -> !participant.isActive(TIME));
        assertThat(this.input.limitAtStop).isEqualTo(TIME.toMillis());
        assertThat(this.input.limit()).isEqualTo(FakeAdapter.OWN_LIMIT);
    }

    @Test
    void aLongerLimitOfTheApplicationIsKept() {
        StreamBindings participant = participant("shop");
        participant.prepare(Duration.ofMillis(FakeAdapter.OWN_LIMIT / 2));
        Awaitility.await().until(() -> !participant.isActive(TIME));
        assertThat(this.input.limitAtStop).isEqualTo(FakeAdapter.OWN_LIMIT);
    }

    /** What a binder makes around a container, whose field has the same name in each of them. */
    private static final class FakeAdapter implements Lifecycle, Pausable {

        private static final long OWN_LIMIT = 10_000;

        private final KafkaMessageListenerContainer<String, String> messageListenerContainer =
                new KafkaMessageListenerContainer<>(
                        new DefaultKafkaConsumerFactory<>(Map.of()), new ContainerProperties("topic"));

        private volatile boolean running = true;

        private volatile boolean paused;

        private volatile long limitAtStop;

        FakeAdapter() {
            this.messageListenerContainer.getContainerProperties().setShutdownTimeout(OWN_LIMIT);
        }

        long limit() {
            return this.messageListenerContainer.getContainerProperties().getShutdownTimeout();
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }

        @Override
        public void start() {
            this.running = true;
        }

        @Override
        public void stop() {
            this.limitAtStop = limit();
            this.running = false;
        }

        @Override
        public boolean isPaused() {
            return this.paused;
        }

        @Override
        public void pause() {
            this.paused = true;
        }

        @Override
        public void resume() {
            this.paused = false;
        }
    }
}

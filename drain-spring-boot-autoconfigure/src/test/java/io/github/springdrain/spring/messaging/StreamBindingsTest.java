package io.github.springdrain.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.cloud.stream.binding.InputBindingLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Bindings as Spring Cloud Stream tells of them; no binder is at work. */
@Timeout(60)
class StreamBindingsTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final FakeBinding input = new FakeBinding("handle-in-0", true);

    private final FakeBinding audit = new FakeBinding("audit-in-0", true);

    private final FakeBinding output = new FakeBinding("handle-out-0", false);

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    private StreamBindings participant(String... excluded) {
        this.context.registerBean(
                "bindings",
                BindingsLifecycleController.class,
                () -> new Controller(List.of(this.input, this.audit, this.output)));
        this.context.refresh();
        return new StreamBindings(this.context, Set.of(excluded));
    }

    @AfterEach
    void close() {
        this.context.close();
    }

    @Test
    void stopsWhatBringsMessagesInAndStartsItAgain() {
        StreamBindings participant = participant();
        assertThat(participant.activeWork(TIME)).isEqualTo(2);
        participant.prepare(TIME);
        Awaitility.await().until(() -> !participant.isActive(TIME));
        assertThat(this.input.running).isFalse();
        assertThat(this.output.running).isTrue();
        participant.resume();
        assertThat(this.input.running).isTrue();
    }

    @Test
    void leavesAloneWhatIsExcludedOrDoesNotRun() {
        this.input.running = false;
        StreamBindings participant = participant("audit-in-0");
        participant.prepare(TIME);
        assertThat(participant.isActive(TIME)).isFalse();
        assertThat(this.audit.running).isTrue();
        participant.resume();
        assertThat(this.input.running).isFalse();
    }

    /** Spring Cloud Stream does not start it again once it was stopped. */
    @Test
    void pausesABindingWithoutAGroupWhereItCan() {
        this.input.group = "";
        this.input.pausable = true;
        this.audit.group = "";
        StreamBindings participant = participant();
        participant.prepare(TIME);
        Awaitility.await().until(() -> this.input.paused && !participant.isActive(TIME));
        assertThat(this.input.running).isTrue();
        assertThat(this.audit.running).isTrue();
        participant.resume();
        assertThat(this.input.paused).isFalse();
    }

    private static final class FakeBinding implements Binding<Object> {

        private final String name;

        private final boolean isInput;

        private String group = "shop";

        private boolean pausable;

        private volatile boolean running = true;

        private volatile boolean paused;

        FakeBinding(String name, boolean isInput) {
            this.name = name;
            this.isInput = isInput;
        }

        @Override
        public String getBindingName() {
            return this.name;
        }

        @Override
        public boolean isInput() {
            return this.isInput;
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

        @Override
        public void unbind() {
            stop();
        }
    }

    /** Answers from a list. */
    private static final class Controller extends BindingsLifecycleController {

        private final List<FakeBinding> bindings;

        @SuppressWarnings("NullAway") // Spring Cloud wants one, and it is never asked.
        Controller(List<FakeBinding> bindings) {
            super(List.of(new InputBindingLifecycle(null, Map.of())), List.of());
            this.bindings = bindings;
        }

        @Override
        public List<Map<String, Object>> queryStates() {
            return this.bindings.stream()
                    .map((binding) -> Map.<String, Object>of(
                            "bindingName", binding.name, "group", binding.group, "pausable", binding.pausable))
                    .toList();
        }

        @Override
        public List<Binding<?>> queryState(String name) {
            return this.bindings.stream()
                    .filter((binding) -> binding.name.equals(name))
                    .<Binding<?>>map((binding) -> binding)
                    .toList();
        }
    }
}

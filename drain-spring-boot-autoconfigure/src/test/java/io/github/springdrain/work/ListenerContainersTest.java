package io.github.springdrain.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;

/** Containers of any library: told to stop, awaited, and started again. */
class ListenerContainersTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final Map<String, Container> containers = new LinkedHashMap<>();

    private ListenerContainers participant(String... excluded) {
        return new ListenerContainers(Set.of(excluded)) {

            @Override
            public String name() {
                return "test";
            }

            @Override
            Map<String, SmartLifecycle> containers() {
                return new LinkedHashMap<>(ListenerContainersTest.this.containers);
            }
        };
    }

    private Container container(String name) {
        return this.containers.computeIfAbsent(name, (key) -> new Container());
    }

    @Test
    void isActiveUntilEveryContainerHasStopped() {
        Container one = container("one");
        Container two = container("two");
        ListenerContainers participant = participant();
        assertThat(participant.activeWork(TIME)).isEqualTo(2);
        participant.prepare(TIME);
        assertThat(one.running).isFalse();
        one.stopped();
        assertThat(participant.activeWork(TIME)).isEqualTo(1);
        two.stopped();
        assertThat(participant.isActive(TIME)).isFalse();
    }

    @Test
    void startsAgainWhatItHasStoppedAndNothingElse() {
        Container one = container("one");
        Container idle = container("idle");
        idle.running = false;
        ListenerContainers participant = participant();
        participant.prepare(TIME);
        one.stopped();
        participant.resume();
        assertThat(one.running).isTrue();
        assertThat(idle.running).isFalse();
    }

    @Test
    void startsAgainOnlyWhatHasStopped() {
        Container one = container("one");
        ListenerContainers participant = participant();
        participant.prepare(TIME);
        participant.resume();
        assertThat(one.running).isFalse();
        one.stopped();
        Awaitility.await().until(() -> one.running);
    }

    @Test
    void leavesAloneWhatIsExcluded() {
        Container one = container("one");
        ListenerContainers participant = participant("one");
        participant.prepare(TIME);
        assertThat(one.running).isTrue();
        assertThat(participant.isActive(TIME)).isFalse();
    }

    @Test
    void doesNotWaitForAContainerThatCannotBeStopped() {
        Container broken = container("broken");
        broken.broken = true;
        Container one = container("one");
        ListenerContainers participant = participant();
        participant.prepare(TIME);
        one.stopped();
        assertThat(participant.isActive(TIME)).isFalse();
    }

    private static final class Container implements SmartLifecycle {

        private volatile boolean running = true;

        private boolean broken;

        private Runnable callback = () -> {};

        void stopped() {
            this.callback.run();
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
        public void stop(Runnable whenStopped) {
            if (this.broken) {
                throw new IllegalStateException("for the test");
            }
            stop();
            this.callback = whenStopped;
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }
    }
}

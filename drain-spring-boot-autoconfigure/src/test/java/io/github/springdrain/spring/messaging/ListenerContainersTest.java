// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jms.listener.DefaultMessageListenerContainer;

/** Containers of any library: stopped, awaited, and started again. */
class ListenerContainersTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final Map<String, Container> containers = new LinkedHashMap<>();

    private int looks;

    private ListenerContainers participant(String... excluded) {
        return new ListenerContainers(Set.of(excluded)) {

            @Override
            public String name() {
                return "test";
            }

            @Override
            Map<String, SmartLifecycle> containers() {
                ListenerContainersTest.this.looks++;
                return new LinkedHashMap<>(ListenerContainersTest.this.containers);
            }

            @Override
            Runnable beforeStop(SmartLifecycle lifecycle, Duration remaining) {
                Container altered = (Container) lifecycle;
                altered.altered = true;
                return () -> altered.altered = false;
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

    @Test
    void doesNotWaitForAContainerThatStartsDuringTheDrain() {
        Container idle = container("idle");
        idle.running = false;
        ListenerContainers participant = participant();
        participant.prepare(TIME);
        idle.start();
        assertThat(participant.isActive(TIME)).isFalse();
    }

    @Test
    void looksForContainersNoMoreOncePrepared() {
        ListenerContainers participant = participant();
        participant.prepare(TIME);
        int before = this.looks;
        assertThat(participant.isActive(TIME)).isFalse();
        assertThat(this.looks).isEqualTo(before);
    }

    @Test
    void leavesAContainerAsItWasOnceItHasStopped() {
        Container one = container("one");
        ListenerContainers participant = participant();
        participant.prepare(TIME);
        participant.resume();
        assertThat(one.altered).isTrue();
        one.stopped();
        assertThat(one.altered).isFalse();
    }

    @Test
    void leavesAContainerThatCannotBeStoppedAsItWas() {
        Container broken = container("broken");
        broken.broken = true;
        participant().prepare(TIME);
        assertThat(broken.altered).isFalse();
    }

    @Test
    void restoresWhatItChangesOfAJmsContainer() {
        DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
        Runnable undo = new JmsListeners(new StaticListableBeanFactory(), Set.of()).beforeStop(container, TIME);
        assertThat(container.isAcceptMessagesWhileStopping()).isTrue();
        undo.run();
        assertThat(container.isAcceptMessagesWhileStopping()).isFalse();
    }

    @Test
    void restoresWhatItChangesOfARabbitContainer() {
        RabbitContainer container = new RabbitContainer();
        container.setShutdownTimeout(1234);
        Runnable undo = new RabbitListeners(new StaticListableBeanFactory(), Set.of()).beforeStop(container, TIME);
        assertThat(container.getShutdownTimeout()).isEqualTo(TIME.toMillis());
        undo.run();
        assertThat(container.getShutdownTimeout()).isEqualTo(1234);
    }

    @Test
    void neverShortensTheTimeoutOfARabbitContainer() {
        RabbitContainer container = new RabbitContainer();
        container.setShutdownTimeout(60_000);
        new RabbitListeners(new StaticListableBeanFactory(), Set.of())
                .beforeStop(container, TIME)
                .run();
        assertThat(container.getShutdownTimeout()).isEqualTo(60_000);
    }

    /** Shows its timeout. */
    private static final class RabbitContainer extends SimpleMessageListenerContainer {

        @Override
        protected long getShutdownTimeout() {
            return super.getShutdownTimeout();
        }
    }

    private static final class Container implements SmartLifecycle {

        private volatile boolean running = true;

        private boolean broken;

        private boolean altered;

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

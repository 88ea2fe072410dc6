// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Beans with a lifecycle that a user names, in a real context. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class NamedLifecyclesTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final Poller first = new Poller();

    private final Poller second = new Poller();

    private final Plain plain = new Plain();

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    private NamedLifecycles participant(String... names) {
        return participant(Set.of(names), Set.of());
    }

    private NamedLifecycles participant(Set<String> names, Set<Class<?>> types, String... excluded) {
        this.context.registerBean("first", Poller.class, () -> this.first);
        this.context.registerBean("second", Poller.class, () -> this.second);
        this.context.registerBean("plain", Plain.class, () -> this.plain);
        this.context.registerBean("text", String.class, () -> "no lifecycle");
        this.context.registerBean("made", MadeByPoller.class);
        this.context.registerBean("idle", Idle.class, (definition) -> definition.setLazyInit(true));
        this.context.registerBean(
                "participant",
                NamedLifecycles.class,
                () -> new NamedLifecycles(this.context.getBeanFactory(), names, types, Set.of(excluded)));
        this.context.refresh();
        this.plain.start();
        return this.context.getBean(NamedLifecycles.class);
    }

    @AfterEach
    void close() {
        this.first.held.countDown();
        this.second.held.countDown();
        this.context.close();
    }

    @Test
    void stopsAndStartsAgainWhatIsNamedAndNothingElse() {
        NamedLifecycles participant = participant("first", "plain");
        this.first.held.countDown();
        participant.prepare(TIME);
        Awaitility.await().until(() -> !participant.isActive(TIME));
        assertThat(this.first.isRunning()).isFalse();
        assertThat(this.plain.isRunning()).isFalse();
        assertThat(this.second.isRunning()).isTrue();
        participant.resume();
        assertThat(this.first.isRunning()).isTrue();
        assertThat(this.plain.isRunning()).isTrue();
    }

    @Test
    void isNotHeldUpByAStopThatBlocksAndWaitsForIt() {
        NamedLifecycles participant = participant("first", "second");
        participant.prepare(TIME);
        this.second.held.countDown();
        Awaitility.await().until(() -> participant.activeWork(TIME) == 1);
        assertThat(this.second.isRunning()).isFalse();
        this.first.held.countDown();
        Awaitility.await().until(() -> !participant.isActive(TIME));
    }

    @Test
    void doesNotWaitForABeanThatCannotBeStopped() {
        this.first.broken = true;
        NamedLifecycles participant = participant("first");
        this.first.held.countDown();
        participant.prepare(TIME);
        Awaitility.await().until(() -> !participant.isActive(TIME));
        this.first.broken = false;
    }

    @Test
    void stopsAndStartsAgainBeansOfATypeThatIsNamed() {
        NamedLifecycles participant = participant(Set.of(), Set.of(Polling.class));
        this.first.held.countDown();
        this.second.held.countDown();
        participant.prepare(TIME);
        Awaitility.await().until(() -> !participant.isActive(TIME));
        assertThat(this.first.isRunning()).isFalse();
        assertThat(this.second.isRunning()).isFalse();
        assertThat(this.plain.isRunning()).isTrue();
        participant.resume();
        assertThat(this.first.isRunning()).isTrue();
        assertThat(this.second.isRunning()).isTrue();
    }

    @Test
    void stopsAFactoryOfATypeThatIsNamed() {
        NamedLifecycles participant = participant(Set.of(), Set.of(MadeByPoller.class));
        MadeByPoller factory = this.context.getBean(MadeByPoller.class);
        assertThat(participant.activeWork(TIME)).isEqualTo(1);
        participant.prepare(TIME);
        Awaitility.await().until(() -> !participant.isActive(TIME));
        assertThat(factory.isRunning()).isFalse();
        assertThat(this.first.isRunning()).isTrue();
    }

    @Test
    void leavesAloneAnExcludedBeanOfATypeThatIsNamed() {
        NamedLifecycles participant = participant(Set.of(), Set.of(Poller.class), "second");
        this.first.held.countDown();
        participant.prepare(TIME);
        Awaitility.await().until(() -> !participant.isActive(TIME));
        assertThat(this.first.isRunning()).isFalse();
        assertThat(this.second.isRunning()).isTrue();
    }

    @Test
    void createsNoLazyBeanInOrderToStopIt() {
        NamedLifecycles participant = participant(Set.of(), Set.of(Idle.class));
        assertThat(participant.activeWork(TIME)).isZero();
        assertThat(this.context.getBeanFactory().containsSingleton("idle")).isFalse();
    }

    @Test
    void saysAtStartUpWhichTypesFitNoBean(CapturedOutput output) {
        participant(Set.of(), Set.of(Poller.class, Thread.class, String.class));
        assertThat(output)
                .contains("cannot stop beans of type 'java.lang.Thread' at the announcement: there is none")
                .contains("cannot stop bean 'text' at the announcement: it does not implement")
                .doesNotContain("Poller");
    }

    @Test
    void saysAtStartUpWhichNamesFitNoBean(CapturedOutput output) {
        participant("first", "frist", "text");
        assertThat(output)
                .contains("cannot stop bean 'frist' at the announcement: there is no such bean")
                .contains("cannot stop bean 'text' at the announcement: it does not implement")
                .doesNotContain("'first'");
    }

    private static class Plain implements Lifecycle {

        private volatile boolean running;

        @Override
        public void start() {
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }
    }

    private interface Polling {}

    /** No {@code SmartLifecycle}, which Spring creates in order to start it. */
    private static final class Idle extends Plain {}

    /** Has the lifecycle itself, like Quartz's. */
    private static final class MadeByPoller extends Plain implements SmartLifecycle, FactoryBean<StringBuilder> {

        @Override
        public StringBuilder getObject() {
            return new StringBuilder();
        }

        @Override
        public Class<?> getObjectType() {
            return StringBuilder.class;
        }
    }

    private static final class Poller extends Plain implements SmartLifecycle, Polling {

        private final CountDownLatch held = new CountDownLatch(1);

        private volatile boolean broken;

        @Override
        public void stop() {
            try {
                this.held.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            if (this.broken) {
                throw new IllegalStateException("for the test");
            }
            super.stop();
        }
    }
}

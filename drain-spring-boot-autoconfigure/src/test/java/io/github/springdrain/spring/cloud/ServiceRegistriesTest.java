// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Registries that hang, fail, or are not used. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ServiceRegistriesTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final Registry registry = new Registry();

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    private ServiceRegistries participant() {
        this.context.registerBean("registry", Registry.class, () -> this.registry);
        this.context.registerBean("registration", Instance.class, Instance::new);
        this.context.refresh();
        return new ServiceRegistries(this.context.getBeanFactory());
    }

    @AfterEach
    void close() {
        this.registry.held.countDown();
        this.context.close();
    }

    private void awaitCalls(String... calls) {
        Awaitility.await().until(() -> this.registry.calls.equals(List.of(calls)));
    }

    @Test
    void deregistersAndRegistersAgain() {
        this.registry.held.countDown();
        ServiceRegistries participant = participant();
        assertThat(participant.activeWork(TIME)).isEqualTo(1);
        participant.prepare(TIME);
        participant.resume();
        awaitCalls("deregister", "register");
        participant.prepare(TIME);
        participant.resume();
        awaitCalls("deregister", "register", "deregister", "register");
    }

    @Test
    void isNotWaitedForWhenARegistryHangs(CapturedOutput output) {
        ServiceRegistries participant = participant();
        participant.prepare(TIME);
        assertThat(participant.isActive(TIME)).isFalse();
        assertThat(participant.isActive(TIME)).isFalse();
        assertThat(output).containsOnlyOnce("Still deregistering from [Registry]");
    }

    @Test
    void registersAgainAfterAResponseThatComesLate() {
        ServiceRegistries participant = participant();
        participant.prepare(TIME);
        participant.resume();
        this.registry.held.countDown();
        awaitCalls("deregister", "register");
    }

    @Test
    void saysSoWhenARegistryFailsAndDoesNotRegisterAgain(CapturedOutput output) {
        this.registry.held.countDown();
        this.registry.broken = true;
        ServiceRegistries participant = participant();
        participant.prepare(TIME);
        Awaitility.await().until(() -> output.getOut().contains("Could not deregister from Registry"));
        participant.resume();
        participant.prepare(TIME);
        awaitCalls("deregister", "deregister");
        assertThat(participant.isActive(TIME)).isFalse();
    }

    @Test
    void leavesAloneAnApplicationThatIsNotRegistered() {
        this.context.registerBean("auto", Idle.class, Idle::new);
        ServiceRegistries participant = participant();
        assertThat(participant.activeWork(TIME)).isZero();
        participant.prepare(TIME);
        participant.resume();
        assertThat(this.registry.calls).isEmpty();
    }

    /** Keeps what it receives. */
    private static final class Registry implements ServiceRegistry<Instance> {

        private final List<String> calls = new CopyOnWriteArrayList<>();

        private final CountDownLatch held = new CountDownLatch(1);

        private volatile boolean broken;

        private void call(String name) {
            try {
                this.held.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            this.calls.add(name);
            if (this.broken) {
                throw new IllegalStateException("for the test");
            }
        }

        @Override
        public void register(Instance registration) {
            call("register");
        }

        @Override
        public void deregister(Instance registration) {
            call("deregister");
        }

        @Override
        public void close() {
            call("close");
        }

        @Override
        public void setStatus(Instance registration, String status) {
            call("setStatus");
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Spring Cloud's signature.
        public <T> T getStatus(Instance registration) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Instance extends DefaultServiceInstance implements Registration {

        private static final long serialVersionUID = 1;
    }

    /** An automatic registration that has registered nothing. */
    private static final class Idle implements AutoServiceRegistration, Lifecycle {

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.annotation.InboundChannelAdapter;
import org.springframework.integration.annotation.Poller;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.Pollers;

/** Real pollers of Spring Integration, by annotation and by flow. */
@Timeout(60)
class IntegrationPollersTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final AnnotationConfigApplicationContext context =
            new AnnotationConfigApplicationContext(Application.class);

    private final Counts counts = this.context.getBean(Counts.class);

    private final IntegrationPollers participant = this.context.getBean(IntegrationPollers.class);

    @AfterEach
    void close() {
        this.counts.held.countDown();
        this.context.close();
    }

    private static void awaitMore(AtomicInteger count) {
        int before = count.get();
        Awaitility.await().until(() -> count.get() > before);
    }

    @Test
    void pollsNoMoreOncePreparedAndAgainWhenResumed() {
        awaitMore(this.counts.annotated);
        awaitMore(this.counts.flow);
        this.participant.prepare(TIME);
        Awaitility.await().until(() -> this.participant.activeWork(TIME) == 0);
        int annotated = this.counts.annotated.get();
        int flow = this.counts.flow.get();
        // The excluded one shows that time passes.
        awaitMore(this.counts.excluded);
        awaitMore(this.counts.excluded);
        awaitMore(this.counts.excluded);
        assertThat(this.counts.annotated).hasValue(annotated);
        assertThat(this.counts.flow).hasValue(flow);
        this.participant.resume();
        awaitMore(this.counts.annotated);
        awaitMore(this.counts.flow);
    }

    @Test
    void waitsForThePollUnderWayWithoutInterruptingIt() {
        this.counts.hold = true;
        Awaitility.await().until(() -> this.counts.holding.get());
        this.participant.prepare(TIME);
        assertThat(this.participant.isActive(TIME)).isTrue();
        this.counts.held.countDown();
        Awaitility.await().until(() -> !this.participant.isActive(TIME));
        assertThat(this.counts.interrupted).isFalse();
    }

    static final class Counts {

        private final AtomicInteger annotated = new AtomicInteger();

        private final AtomicInteger flow = new AtomicInteger();

        private final AtomicInteger excluded = new AtomicInteger();

        private final AtomicBoolean holding = new AtomicBoolean();

        private final AtomicBoolean interrupted = new AtomicBoolean();

        private final CountDownLatch held = new CountDownLatch(1);

        private volatile boolean hold;

        void holdIfAsked() {
            if (this.hold) {
                this.holding.set(true);
                try {
                    this.held.await();
                } catch (InterruptedException ex) {
                    this.interrupted.set(true);
                }
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableIntegration
    static class Application {

        @Bean
        static IntegrationPollers drainIntegrationPollers() {
            return new IntegrationPollers(() -> Set.of("excludedPoller"));
        }

        @Bean
        Counts counts() {
            return new Counts();
        }

        @Bean
        Source source(Counts counts) {
            return new Source(counts);
        }

        @Bean
        IntegrationFlow flow(Counts counts) {
            return IntegrationFlow.fromSupplier(
                            counts.flow::incrementAndGet, (endpoint) -> endpoint.poller(Pollers.fixedDelay(20)))
                    .handle((message) -> counts.holdIfAsked())
                    .get();
        }

        @Bean
        IntegrationFlow excluded(Counts counts) {
            return IntegrationFlow.fromSupplier(
                            counts.excluded::incrementAndGet,
                            (endpoint) -> endpoint.id("excludedPoller").poller(Pollers.fixedDelay(20)))
                    .handle((message) -> {})
                    .get();
        }
    }

    record Source(Counts counts) {

        @InboundChannelAdapter(channel = "nullChannel", poller = @Poller(fixedDelay = "20"))
        public int poll() {
            return this.counts.annotated.incrementAndGet();
        }
    }
}

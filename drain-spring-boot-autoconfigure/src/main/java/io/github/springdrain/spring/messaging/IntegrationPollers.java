// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import io.github.springdrain.DrainParticipant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.integration.endpoint.SourcePollingChannelAdapter;

/**
 * The pollers of Spring Integration that bring messages in. From the announcement on they poll no more, polls under way
 * are waited for, and when the drain is resumed they go on. They are not stopped, because that would interrupt the poll
 * under way. Endpoints inside a flow go on: requests in service may depend on them. Thread-safe.
 */
public final class IntegrationPollers implements DrainParticipant, BeanPostProcessor {

    private static final Logger logger = LoggerFactory.getLogger(IntegrationPollers.class);

    private final Supplier<Set<String>> excluded;

    private final AtomicInteger running = new AtomicInteger();

    private volatile boolean closed;

    /**
     * Creates the participant.
     *
     * @param excluded names of endpoint beans that go on during a drain; not asked for before there is one
     */
    public IntegrationPollers(Supplier<Set<String>> excluded) {
        this.excluded = excluded;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof SourcePollingChannelAdapter poller) {
            advise(poller, beanName);
        }
        return bean;
    }

    /** Read from its field: the advices that are there cannot be asked for. */
    private void advise(SourcePollingChannelAdapter poller, String name) {
        try {
            List<Advice> advices = new ArrayList<>();
            MethodInterceptor interceptor = (poll) -> poll(name, poll::proceed);
            advices.add(interceptor);
            if (new DirectFieldAccessor(poller).getPropertyValue("adviceChain") instanceof Collection<?> own) {
                own.forEach((advice) -> advices.add((Advice) advice));
            }
            poller.setAdviceChain(advices);
        } catch (RuntimeException ex) {
            logger.warn("Poller '{}' cannot be held back by a drain; it stops when Spring stops it", name, ex);
        }
    }

    private @Nullable Object poll(String name, Poll poll) throws Throwable {
        // Counted before it looks, so that the thread that stops the poller sees every poll that still runs.
        this.running.incrementAndGet();
        try {
            return (!this.closed || this.excluded.get().contains(name)) ? poll.proceed() : null;
        } finally {
            this.running.decrementAndGet();
        }
    }

    @Override
    public String name() {
        return "integration pollers";
    }

    @Override
    public void prepare(Duration remaining) {
        this.closed = true;
    }

    @Override
    public void resume() {
        this.closed = false;
    }

    @Override
    public boolean isActive(Duration remaining) {
        return activeWork(remaining) > 0;
    }

    @Override
    public int activeWork(Duration remaining) {
        return this.running.get();
    }

    /** One poll, as the poller's own proxy runs it. */
    private interface Poll {

        @Nullable Object proceed() throws Throwable;
    }
}

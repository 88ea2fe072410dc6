// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.engine.DrainEngine;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Drains when the application context closes, in two stages, both of which block the closing thread.
 *
 * <p>The first runs before every other listener of {@link ContextClosedEvent}, while schedulers, meter registries and
 * the rest of the application are whole: until no client waits for the first byte of a response, or those that do have had
 * no thread at work on their requests for a second, as with long polls that only the application ends. The second runs just
 * before Boot's graceful shutdown, after the application's own listeners had their turn to end what only they can end
 * (server-sent events, long polls): until the drain's report is there. A {@code stop(Runnable)} that blocks is not ended
 * by {@code spring.lifecycle.timeout-per-shutdown-phase}, so the drain's own deadline is the only one.
 *
 * <p>There is no drain where a context is stopped and not closed, as before a checkpoint: it may be started again.
 * Requests in service get the time then that Boot's graceful shutdown would give them.
 */
public final class DrainLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, Ordered {

    private static final Duration CONTROL_LIMIT = Duration.ofSeconds(2);

    private static final Logger logger = LoggerFactory.getLogger(DrainLifecycle.class);

    private final DrainEngine drain;

    private final DrainReadiness readiness;

    private final SecondSignal secondSignal;

    private final ClosingThread closingThread;

    private final Duration stopLimit;

    private final ConfigurableApplicationContext context;

    private volatile boolean running;

    /**
     * Creates the lifecycle of one context.
     *
     * @param stopLimit the time for requests in service where the context is stopped and not closed
     */
    public DrainLifecycle(
            DrainEngine drain,
            DrainReadiness readiness,
            SecondSignal secondSignal,
            ClosingThread closingThread,
            Duration stopLimit,
            ConfigurableApplicationContext context) {
        this.drain = drain;
        this.readiness = readiness;
        this.secondSignal = secondSignal;
        this.closingThread = closingThread;
        this.stopLimit = stopLimit;
        this.context = context;
    }

    @Override
    public void start() {
        // After a stop and a start of the context the server is a new one.
        this.drain.renew();
        this.running = true;
        OpenContexts.add(this);
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public int getPhase() {
        return ShutdownPhase.DRAIN.value();
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public boolean isPauseable() {
        return false;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        // A child context, such as the management server's, hands its events up.
        if (closes(event.getApplicationContext()) && this.drain.isServing()) {
            this.closingThread.begin();
            this.secondSignal.watch();
            beginTogether();
            this.readiness.contextClosing();
            blockUntil("responded to every request", DrainHandle::awaitResponsesStarted);
        }
    }

    private void beginTogether() {
        begin();
        OpenContexts.closingWith(this).forEach(DrainLifecycle::begin);
    }

    private void begin() {
        if (this.drain.isServing()) {
            this.drain.applicationCloses();
            this.drain.start(DrainTrigger.CONTEXT_CLOSE);
        }
    }

    /** Whether the context is a descendant of the other one, and is closed along with it. */
    boolean isBelow(DrainLifecycle other) {
        ApplicationContext ancestor = this.context.getParent();
        while (ancestor != null && ancestor != other.context) {
            ancestor = ancestor.getParent();
        }
        return ancestor != null;
    }

    private boolean closes(ApplicationContext candidate) {
        return candidate == this.context;
    }

    @Override
    public void stop(Runnable callback) {
        try {
            stop();
        } finally {
            callback.run();
        }
    }

    @Override
    public void stop() {
        this.running = false;
        if (this.context.isClosed() && this.drain.isServing()) {
            this.closingThread.begin();
            this.secondSignal.watch();
            this.drain.applicationCloses();
            blockUntil("finished", DrainHandle::awaitReport);
            awaitControlRequests();
        } else if (!this.context.isClosed() && this.drain.isServing()) {
            finishRequests();
        }
        if (this.context.isClosed()) {
            OpenContexts.remove(this);
        }
        this.secondSignal.unwatch();
    }

    /** What Spring Boot's own graceful shutdown would do, which is switched off so that it never waits after the drain. */
    private void finishRequests() {
        try {
            if (!this.drain.finishRequests(this.stopLimit)) {
                logger.info(
                        "The context is stopped with requests in service, {} ms after they were given time to end",
                        this.stopLimit.toMillis());
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts or joins the drain and waits for it; one that was resumed in the very last moment is started again. */
    private void blockUntil(String goal, Wait wait) {
        try {
            DrainHandle started;
            do {
                started = this.drain.start(DrainTrigger.CONTEXT_CLOSE);
                if (!wait.on(started)) {
                    logger.warn(
                            "The drain has not {} {} ms after its start and is not waited for any longer",
                            goal,
                            started.timeline().elapsed().toMillis());
                    return;
                }
            } while (started.phase() == DrainPhase.RUNNING);
        } catch (InterruptedException ex) {
            logger.warn("Interrupted while waiting for the drain; the shutdown goes on without it");
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever asked for the drain over the application's own port gets the response before the server goes. */
    private void awaitControlRequests() {
        try {
            if (!this.drain.awaitControlRequests(CONTROL_LIMIT)) {
                this.drain.abortControlRequests();
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException ex) {
            logger.warn("Cannot determine whether requests are still served; the shutdown goes on", ex);
        }
    }

    /** A bounded wait for one stage of a drain. */
    private interface Wait {

        boolean on(DrainHandle started) throws InterruptedException;
    }
}

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
 * the rest of the application are whole: until no client waits for the first byte of an answer. The second runs just
 * before Boot's graceful shutdown, after the application's own listeners had their turn to end what only they can end
 * (server-sent events, long polls): until the drain's report is there. A {@code stop(Runnable)} that blocks is not cut
 * by {@code spring.lifecycle.timeout-per-shutdown-phase}, so the drain's own deadline is the only one.
 *
 * <p>Stopping and restarting a context that is not closed, as a checkpoint does, leaves the server in service.
 */
public final class DrainLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, Ordered {

    private static final Duration CONTROL_LIMIT = Duration.ofSeconds(2);

    private static final Logger logger = LoggerFactory.getLogger(DrainLifecycle.class);

    private final DrainEngine drain;

    private final DrainReadiness readiness;

    private final SecondSignal secondSignal;

    private final ClosingThread closingThread;

    private final ConfigurableApplicationContext context;

    private volatile boolean running;

    /** Creates the lifecycle of one context. */
    public DrainLifecycle(
            DrainEngine drain,
            DrainReadiness readiness,
            SecondSignal secondSignal,
            ClosingThread closingThread,
            ConfigurableApplicationContext context) {
        this.drain = drain;
        this.readiness = readiness;
        this.secondSignal = secondSignal;
        this.closingThread = closingThread;
        this.context = context;
    }

    @Override
    public void start() {
        // After a stop and a start of the context the server is a new one.
        this.drain.renew();
        this.running = true;
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public int getPhase() {
        return ShutdownPhases.DRAIN;
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
            this.readiness.contextClosing();
            blockUntil("answered every request", DrainHandle::awaitAnswered);
        }
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
            blockUntil("finished", DrainHandle::awaitReport);
            awaitControlRequests();
        }
        this.secondSignal.unwatch();
    }

    /** Starts or joins the drain and waits for it; a drain that is resumed meanwhile is started again. */
    private void blockUntil(String goal, Wait wait) {
        try {
            DrainHandle run;
            do {
                run = this.drain.start(DrainTrigger.CONTEXT_CLOSE);
                if (!wait.on(run)) {
                    logger.warn(
                            "The drain has not {} {} ms after its start and is not waited for any longer",
                            goal,
                            run.timeline().elapsed().toMillis());
                    return;
                }
            } while (run.phase() == DrainPhase.RUNNING);
        } catch (InterruptedException ex) {
            logger.warn("Interrupted while waiting for the drain; the shutdown goes on without it");
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever asked for the drain over the application's own port gets the answer before the server goes. */
    private void awaitControlRequests() {
        try {
            if (!this.drain.awaitControlRequests(CONTROL_LIMIT)) {
                this.drain.cutControlRequests();
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException ex) {
            logger.warn("Cannot tell whether requests are being answered; the shutdown goes on", ex);
        }
    }

    /** A bounded wait for one stage of a drain. */
    private interface Wait {

        boolean on(DrainHandle run) throws InterruptedException;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.GateLevel;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.acceptqueue.linux.AcceptQueues;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate of one server, from its start to the closing of its listeners. The level is found out on a thread of its own
 * and logged once. {@link #status} may be called by any thread, the rest by the drain's.
 */
public final class ServerGate {

    private static final Logger logger = LoggerFactory.getLogger(ServerGate.class);

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    private final PendingGate gate;

    private final Sharing sharing;

    /** Watched from the announcement on, since SYN cookies show only as a difference. */
    private volatile @Nullable AcceptQueues queues;

    /**
     * Begins to try the gate out.
     *
     * @param sharing whom the listeners belong to
     * @param container the container's name, for the log
     */
    public ServerGate(ListenerGate.Mode mode, Sharing sharing, String container) {
        this.sharing = sharing;
        this.gate = PendingGate.probe(mode, (found) -> {
            if (sharing == Sharing.INHERITED) {
                logger.info("Accept queue of {}: left to whoever holds the listener, no gate is set", container);
            } else {
                logLevel(mode, container, found);
            }
            if (sharing == Sharing.REUSE_PORT) {
                logSteering(container, found);
            }
        });
    }

    private static void logSteering(String container, ListenerGate found) {
        if (found.unsteerable().isPresent()) {
            logger.warn(
                    "Hand-over of {}: new clients cannot be steered ({}). They get to either process while there are two,"
                            + " and those that come during a hand-over wait a second or more, or are lost without a gate",
                    container,
                    found.unsteerable().get());
        } else {
            logger.info("Hand-over of {}: the listener that was there first gets all new clients", container);
        }
    }

    /** A weak level is worth a warning only where something can be done about it and it was not asked for. */
    private static void logLevel(ListenerGate.Mode mode, String container, ListenerGate found) {
        boolean weak = found.level().compareTo(GateLevel.SYN_FILTER) > 0;
        if (weak && mode != ListenerGate.Mode.OFF && found.canBeMended()) {
            logger.warn(
                    "Accept queue of {}: {}. Connections can be lost when the server stops under traffic. {}",
                    container,
                    found.level(),
                    found.reason());
        } else {
            logger.info("Accept queue of {}: {} ({})", container, found.level(), found.reason());
        }
    }

    /** One listener with the level of the gate and, where it is shared, whether new clients cannot be steered. */
    public ListenerStatus status(String name, int port, boolean open) {
        ListenerGate found = this.gate.get();
        return new ListenerStatus(name, port, open, found.level().name(), reason(found));
    }

    private String reason(ListenerGate found) {
        if (this.sharing != Sharing.REUSE_PORT) {
            return found.reason();
        }
        return found.unsteerable()
                .map((why) -> "%s; new clients cannot be steered (%s)".formatted(found.reason(), why))
                .orElse(found.reason());
    }

    /**
     * Takes note of a listener that has just been bound; where the port is shared, it stands by while another is there.
     * There, this waits for the end of the trial of the gate, and logs whether the listener stands by.
     */
    public void listening(GatedListener listener) {
        if (this.sharing != Sharing.REUSE_PORT) {
            claim(listener);
            return;
        }
        ListenerGate found = this.gate.get();
        if (!found.standBy(listener)) {
            return;
        }
        int port = listener.address().getPort();
        if (found.unsteerable().isEmpty()) {
            logger.info("Port {} is served by another listener; standing by until it leaves", port);
        } else {
            logger.info("Port {} is served by another listener, too; new clients get to either until it leaves", port);
        }
    }

    /** The kernel walks through a table of all connections for this, which the start would have to wait for. */
    private static void claim(GatedListener listener) {
        startDaemon("drain-listener-claim", () -> ListenerGate.claim(listener));
    }

    private static void startDaemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to watch the listeners of a server that is about to drain, unless it already does. */
    public void watch(Supplier<? extends List<? extends GatedListener>> listeners) {
        if (this.queues == null) {
            this.queues = this.gate.get().prepare(listeners.get());
        }
    }

    /** Has new clients come to the listeners again, and forgets them: the drain was resumed. */
    public void resume() {
        AcceptQueues held = this.queues;
        if (held != null) {
            held.takeBack();
        }
        forget();
    }

    /** Forgets the listeners: the server has been started again with others. */
    public void forget() {
        this.queues = null;
    }

    /**
     * Sets the gate, lets the acceptors take everything the kernel holds, and waits until it holds nothing.
     *
     * @param remaining what is left of the whole drain
     * @param liftLimits lets the acceptors go beyond the server's connection limits
     * @param accepted the server's running count of accepted connections
     */
    public AcceptQueueOutcome empty(
            AcceptQueueLimits settings, Duration remaining, Runnable liftLimits, LongSupplier accepted) {
        AcceptQueues held = this.queues;
        if (held == null) {
            return AcceptQueueOutcome.NOTHING;
        }
        long before = accepted.getAsLong();
        liftLimits.run();
        Duration bound = (settings.timeout().compareTo(remaining) < 0) ? settings.timeout() : remaining;
        AcceptQueueOutcome outcome = held.empty(bound, settings.quietPeriod(), settings.longest(remaining));
        if (!outcome.note().isEmpty()) {
            logger.info("Accept queue: {}", outcome.note());
        }
        return new AcceptQueueOutcome(
                outcome.level(),
                outcome.note(),
                accepted.getAsLong() - before,
                outcome.abandonedHandshakes(),
                outcome.notAccepted(),
                outcome.complete(),
                outcome.handedOver());
    }

    /**
     * Waits until the kernel has let go of the listeners that were closed; says so where it does not within a second.
     *
     * @param remaining what is left of the time to close them
     */
    public void awaitClosed(Duration remaining) {
        AcceptQueues held = this.queues;
        long bound = Math.max(0, Math.min(CLOSE_BOUND.toMillis(), remaining.toMillis()));
        if (held != null && !held.awaitClosed(Duration.ofMillis(bound))) {
            logger.warn(
                    "A listener is still there {} ms after it was closed; new clients may be reset instead of refused",
                    bound);
        }
    }

    /**
     * A gate that is being probed on a thread of its own, so that the start of the application does not wait for it.
     * Thread-safe.
     */
    private static final class PendingGate {

        private static final long BOUND_MILLIS = 2000;

        private final CompletableFuture<ListenerGate> gate = new CompletableFuture<>();

        private PendingGate() {}

        /**
         * Begins to find out how well accept queues can be emptied here.
         *
         * @param found receives, on the probing thread, what was found
         */
        static PendingGate probe(ListenerGate.Mode mode, Consumer<ListenerGate> found) {
            PendingGate pending = new PendingGate();
            startDaemon("drain-gate-probe", () -> pending.run(mode, found));
            return pending;
        }

        private void run(ListenerGate.Mode mode, Consumer<ListenerGate> found) {
            ListenerGate result = ListenerGate.probe(mode);
            this.gate.complete(result);
            found.accept(result);
        }

        /** The gate; the weakest one where the probe has not come to an end within two seconds. */
        ListenerGate get() {
            try {
                return this.gate.get(BOUND_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
                return ListenerGate.probe(ListenerGate.Mode.OFF);
            } catch (ExecutionException | TimeoutException ex) {
                return ListenerGate.probe(ListenerGate.Mode.OFF);
            }
        }
    }
}

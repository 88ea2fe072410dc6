// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGTERM and SIGINT mean to a process that a signal is already shutting down: the user does not want to wait any
 * longer. Thread-safe. Watches only while the application closes; until then, and afterwards, signals go where they
 * went before.
 *
 * <p>The JVM handles the first such signal by its shutdown, and every other one by a thread that waits for the end of
 * that shutdown, so the second has no effect unless a handler of its own is installed. Signals less than a second after
 * the first are taken for the same one, because terminals, build tools and wrapper scripts deliver it twice.
 */
public final class SecondSignal {

    private static final Logger logger = LoggerFactory.getLogger(SecondSignal.class);

    private static final Duration SAME_SIGNAL = Duration.ofSeconds(1);

    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private final SignalHandlers handlers;

    private final LongSupplier nanoTime;

    private final Consumer<String> action;

    private final List<SignalHandlers.Installed> installed = new ArrayList<>();

    private boolean asked;

    private long askedAt;

    SecondSignal(SignalHandlers handlers, LongSupplier nanoTime, Consumer<String> action) {
        this.handlers = handlers;
        this.nanoTime = nanoTime;
        this.action = action;
    }

    /** One that ends a drain before its time. */
    public static SecondSignal forcing(Drain drain) {
        return new SecondSignal(new JdkSignalHandlers(), System::nanoTime, (signal) -> force(drain, signal));
    }

    private static void force(Drain drain, String signal) {
        DrainHandle started = drain.start(DrainTrigger.CONTEXT_CLOSE);
        if (started.phase() == DrainPhase.DRAINED) {
            return;
        }
        logger.warn(
                "{} once more: the drain is forced {} ms before its deadline",
                signal,
                started.timeline().remaining().toMillis());
        started.force();
    }

    /** One for which every signal is as good as the first. */
    public static SecondSignal ignored() {
        return new SecondSignal(SignalHandlers.NONE, System::nanoTime, (signal) -> {});
    }

    /** Begins to watch, unless it already does. */
    synchronized void watch() {
        if (!this.installed.isEmpty()) {
            return;
        }
        this.asked = this.handlers.isSignalled();
        this.askedAt = this.nanoTime.getAsLong();
        try {
            for (String signal : SIGNALS) {
                this.installed.add(this.handlers.install(signal, (passOn) -> received(signal, passOn)));
            }
        } catch (UnsupportedOperationException ex) {
            logger.info("A second signal cannot end the drain before its time: {}", ex.getMessage());
        }
    }

    /** Gives the signals back to those who had them. */
    synchronized void unwatch() {
        this.installed.forEach(SignalHandlers.Installed::restore);
        this.installed.clear();
    }

    private void received(String signal, Runnable passOn) {
        if (isFirst()) {
            // Does not return where it begins the shutdown of the JVM, so no lock may be held.
            passOn.run();
        } else if (isAnother()) {
            this.action.accept("SIG" + signal);
        }
    }

    private synchronized boolean isFirst() {
        boolean first = !this.asked;
        if (first) {
            this.asked = true;
            this.askedAt = this.nanoTime.getAsLong();
        }
        return first;
    }

    private synchronized boolean isAnother() {
        return this.nanoTime.getAsLong() - this.askedAt >= SAME_SIGNAL.toNanos();
    }
}

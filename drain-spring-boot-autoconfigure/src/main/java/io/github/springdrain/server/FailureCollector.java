// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes each of several steps though others fail, and throws the first failure behind the last of them: a connection
 * that throws must not keep the next one open. Not thread-safe.
 */
public final class FailureCollector {

    private @Nullable Throwable first;

    /** Takes the step for each of {@code elements}, and throws the first failure behind the last of them. */
    public static <T> void forEach(Iterable<T> elements, Consumer<? super T> step) {
        FailureCollector failures = new FailureCollector();
        failures.runEach(elements, step);
        failures.throwFirst();
    }

    /** Takes the step for each of {@code elements}; failures are kept. */
    public <T> void runEach(Iterable<T> elements, Consumer<? super T> step) {
        elements.forEach((element) -> run(() -> step.accept(element)));
    }

    /** Takes a step; a failure is kept. */
    public void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error ex) {
            add(ex);
        }
    }

    private void add(Throwable failure) {
        Throwable known = this.first;
        if (known == null) {
            this.first = failure;
        } else if (known != failure) {
            known.addSuppressed(failure);
        }
    }

    /** Throws the first failure, with the others suppressed; does nothing where there was none. */
    public void throwFirst() {
        Throwable failure = this.first;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }
}

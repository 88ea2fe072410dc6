// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * The steps of one drain behind a guard: whatever one of them throws, an {@link Error} too, is noted, and the next one
 * follows. Used by the drain's thread.
 */
final class GuardedSteps {

    private final DrainFailures failures;

    GuardedSteps(DrainFailures failures) {
        this.failures = failures;
    }

    /** Takes a step and returns whether it succeeded. */
    boolean run(String step, Action action) {
        try {
            action.run();
            return true;
        } catch (Throwable ex) {
            this.failures.add(step, ex);
            return false;
        }
    }

    /** Takes a step that finds something out; empty where it failed, which must never be taken for "nothing". */
    <T> Optional<T> get(String step, Query<? extends T> query) {
        try {
            return Optional.of(Objects.requireNonNull(query.run()));
        } catch (Throwable ex) {
            this.failures.add(step, ex);
            return Optional.empty();
        }
    }

    /** Something to do. */
    interface Action {

        void run() throws Exception;
    }

    /** Something to find out. */
    interface Query<T> {

        T run() throws Exception;
    }
}

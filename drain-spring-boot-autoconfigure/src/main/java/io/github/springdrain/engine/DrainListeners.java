// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The listeners of a drain, each called within a bound; what one of them throws is noted and goes no further. */
final class DrainListeners {

    private final List<DrainListener> listeners = new CopyOnWriteArrayList<>();

    void add(DrainListener listener) {
        this.listeners.add(listener);
    }

    void remove(DrainListener listener) {
        this.listeners.remove(listener);
    }

    /**
     * Calls every listener.
     *
     * @param bound how long to wait for one of them
     * @param method the method that {@code call} calls, for the report
     */
    void notify(BoundedSteps steps, Supplier<Duration> bound, String method, Consumer<DrainListener> call) {
        for (DrainListener listener : this.listeners) {
            String step = "listener " + listener.getClass().getName() + ": " + method;
            steps.run(listener, step, bound.get(), () -> call.accept(listener));
        }
    }
}

package io.github.springdrain.engine;

import io.github.springdrain.DrainListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The listeners of a drain behind a guard: what one of them throws is noted and goes no further. */
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
     * @param call the method that {@code news} calls, for the report
     */
    void notify(DrainFailures failures, String call, Consumer<DrainListener> news) {
        for (DrainListener listener : this.listeners) {
            try {
                news.accept(listener);
            } catch (Throwable ex) {
                failures.add("listener " + listener.getClass().getName() + ": " + call, ex);
            }
        }
    }
}

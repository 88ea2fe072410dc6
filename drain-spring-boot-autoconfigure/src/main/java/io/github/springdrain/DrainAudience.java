package io.github.springdrain;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a drain behind a guard: what one of them throws is logged and reaches nobody. */
final class DrainAudience {

    private static final Logger logger = LoggerFactory.getLogger(DrainAudience.class);

    private final List<DrainListener> listeners = new CopyOnWriteArrayList<>();

    void add(DrainListener listener) {
        this.listeners.add(listener);
    }

    void remove(DrainListener listener) {
        this.listeners.remove(listener);
    }

    void tell(Consumer<DrainListener> news) {
        for (DrainListener listener : this.listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException | LinkageError ex) {
                logger.warn("Drain listener {} failed; the drain goes on", listener, ex);
            }
        }
    }
}

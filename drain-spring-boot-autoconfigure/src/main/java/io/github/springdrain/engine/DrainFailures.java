// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has failed in one drain. A failure is logged with its stack trace the first time and only counted after that: a
 * step that is repeated every few milliseconds would fill the log. Thread-safe; throws nothing itself.
 */
final class DrainFailures {

    private static final Logger logger = LoggerFactory.getLogger(DrainFailures.class);

    private static final int MOST_KINDS = 100;

    private final Map<Kind, DrainFailure> kinds = new LinkedHashMap<>();

    /** Notes what {@code step} has thrown. */
    void add(String step, Throwable thrown) {
        if (count(new Kind(step, thrown.getClass().getName()), describe(thrown))) {
            log("Drain step '{}' failed; the drain goes on", step, thrown);
        }
    }

    /** Notes what else is wrong with {@code step}. */
    void add(String step, String reason) {
        if (count(new Kind(step, reason), reason)) {
            log("Drain step '{}' " + reason + "; the drain goes on", step, null);
        }
    }

    private synchronized boolean count(Kind kind, String reason) {
        DrainFailure known = this.kinds.get(kind);
        if (known != null) {
            this.kinds.put(kind, new DrainFailure(known.step(), known.count() + 1, known.reason()));
        } else if (this.kinds.size() < MOST_KINDS) {
            this.kinds.put(kind, new DrainFailure(kind.step(), 1, reason));
            return true;
        }
        return false;
    }

    private static String describe(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (Throwable ex) {
            return thrown.getClass().getName();
        }
    }

    private static void log(String message, String step, @Nullable Throwable thrown) {
        try {
            logger.warn(message, step, thrown);
        } catch (Throwable ex) {
            // An appender that fails, or no memory left: the drain matters more, and the report has the failure.
        }
    }

    /** What has failed so far, in the order of the first time. */
    synchronized List<DrainFailure> list() {
        return new ArrayList<>(this.kinds.values());
    }

    private record Kind(String step, String what) {}
}

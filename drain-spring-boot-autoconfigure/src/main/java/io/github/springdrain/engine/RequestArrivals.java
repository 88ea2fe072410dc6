// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.RequestSnapshot;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Counts requests as they come in, those that are not work apart, so that an announcement can end when only health checks
 * are left. Thread-safe; nothing but one read for each request unless an announcement asks for it.
 */
public final class RequestArrivals {

    private final Predicate<RequestSnapshot> isWork;

    private final LongAdder work = new LongAdder();

    private final LongAdder others = new LongAdder();

    private volatile boolean counting;

    RequestArrivals(Predicate<RequestSnapshot> isWork) {
        this.isWork = isWork;
    }

    /** Whether anybody wants to know of requests. */
    public boolean isCounting() {
        return this.counting;
    }

    /** Counts a request that has just come in, by its path without a query. */
    public void add(String method, String path) {
        RequestSnapshot request = new RequestSnapshot(method, path, Duration.ZERO, -1, -1, null);
        (isWork(request) ? this.work : this.others).increment();
    }

    /** The request must not fail because its kind is not known. */
    private boolean isWork(RequestSnapshot request) {
        try {
            return this.isWork.test(request);
        } catch (Throwable ex) {
            return true;
        }
    }

    void count(boolean newCounting) {
        this.counting = newCounting;
    }

    /** Requests that were work. */
    public long work() {
        return this.work.sum();
    }

    /** Requests that were not. */
    public long others() {
        return this.others.sum();
    }
}

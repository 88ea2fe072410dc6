// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one container's listener methods that are under way, to the end of the future that they returned. Count
 * and flag are one value, so that the thread that closes it sees every call that got through. Thread-safe.
 */
final class ListenerCalls {

    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger state = new AtomicInteger();

    private final AtomicReference<@Nullable Runnable> whenOver = new AtomicReference<>();

    private final Duration settling;

    /**
     * Creates an instance without calls.
     *
     * @param settling what the container needs to pass on the acknowledgement of the last call
     */
    ListenerCalls(Duration settling) {
        this.settling = settling;
    }

    /** Counts a call; returns {@code false}, and counts none, where it is held back. */
    boolean begin() {
        if (this.state.incrementAndGet() > 0) {
            return true;
        }
        end();
        return false;
    }

    /** Counts a call whose work begins only after its method has returned. */
    void beginLate() {
        this.state.incrementAndGet();
    }

    /** One call less. */
    void end() {
        if (this.state.decrementAndGet() == CLOSED) {
            Runnable action = this.whenOver.getAndSet(null);
            if (action != null) {
                action.run();
            }
        }
    }

    /**
     * Holds back every further call.
     *
     * @param last called by the end of the last call under way
     * @return whether no call is under way, and {@code last} will not be called
     */
    boolean close(Runnable last) {
        this.whenOver.set(last);
        int before = this.state.getAndUpdate((count) -> count | CLOSED);
        return (before & ~CLOSED) == 0 && this.whenOver.getAndSet(null) != null;
    }

    /** Lets calls through again. */
    void open() {
        this.state.getAndUpdate((count) -> count & ~CLOSED);
    }

    /** Waits until the acknowledgement of the last call has been passed on. */
    void settle() throws InterruptedException {
        Thread.sleep(this.settling.toMillis());
    }

    boolean isNone() {
        return (this.state.get() & ~CLOSED) == 0;
    }
}

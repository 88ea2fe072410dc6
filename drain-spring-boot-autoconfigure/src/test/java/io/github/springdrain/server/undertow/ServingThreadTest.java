// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that gets the interrupt of a forced end. */
@Timeout(120)
class ServingThreadTest {

    private final ServingThread serving = new ServingThread();

    @Test
    void theThreadAtWorkIsInterrupted() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            this.serving.enter(Thread.currentThread());
            entered.countDown();
            try {
                TimeUnit.SECONDS.sleep(30);
            } catch (InterruptedException ex) {
                interrupted.set(true);
            }
            this.serving.leave(Thread.currentThread());
        });
        thread.start();
        entered.await();
        this.serving.interrupt();
        thread.join();
        assertThat(interrupted).isTrue();
    }

    @Test
    void aThreadThatServesAnotherRequestByThenIsNot() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread end = new Thread(() -> {
            while (!over.get()) {
                this.serving.interrupt();
            }
        });
        end.start();
        int late = 0;
        Thread thread = Thread.currentThread();
        for (int i = 0; i < 200_000; i++) {
            this.serving.enter(thread);
            this.serving.leave(thread);
            late += Thread.interrupted() ? 1 : 0;
        }
        over.set(true);
        end.join();
        assertThat(late).isZero();
        assertThat(Thread.interrupted()).isFalse();
    }

    /** An asynchronous request may begin on its next thread before the first has come back. */
    @Test
    void theThreadThatAnAsynchronousRequestHasLeftIsNot() throws Exception {
        Thread first = Thread.currentThread();
        this.serving.enter(first);
        Thread second = new Thread(() -> {});
        this.serving.enter(second);
        this.serving.interrupt();
        this.serving.leave(first);
        assertThat(Thread.interrupted()).isFalse();
    }
}

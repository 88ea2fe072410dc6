// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bound that a pause of the process does not use up. */
@Timeout(60)
class AwakeTimeTest {

    private static final Duration BOUND = Duration.ofMillis(400);

    /** It stands for a process that is paused in the first wait for longer than the bound. */
    @Test
    void waitsOnAfterAPauseThatIsLongerThanTheBound() throws Exception {
        PausingFuture result = new PausingFuture(BOUND.multipliedBy(2));
        assertThat(new AwakeTime(BOUND).get(result)).isEqualTo("late");
    }

    @Test
    void givesUpWhenTheBoundIsUsedUp() {
        long start = System.nanoTime();
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> new AwakeTime(BOUND).get(new CompletableFuture<>()));
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BOUND.toNanos());
    }

    @Test
    void looksOnceWhereThereIsNoTime() throws Exception {
        assertThat(new AwakeTime(Duration.ZERO).get(CompletableFuture.completedFuture("there")))
                .isEqualTo("there");
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> new AwakeTime(Duration.ZERO).get(new CompletableFuture<>()));
    }

    /** Is completed by the second wait for it; the first one is over much later than it was to be. */
    private static final class PausingFuture extends CompletableFuture<String> {

        private final Duration pause;

        PausingFuture(Duration pause) {
            this.pause = pause;
        }

        @Override
        public String get(long timeout, TimeUnit unit) throws TimeoutException {
            if (!isDone()) {
                long due = System.nanoTime() + this.pause.toNanos();
                while (System.nanoTime() - due < 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                complete("late");
                throw new TimeoutException();
            }
            return join();
        }
    }
}

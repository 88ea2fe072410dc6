// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScanTurnTest {

    private final ScanTurn turn = new ScanTurn();

    @Test
    void waitsWithinABoundForAScanThatHangs() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread scanner = new Thread(() -> this.turn.take(() -> {
            hangs.countDown();
            try {
                release.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            return true;
        }));
        scanner.start();
        hangs.await();
        assertThat(this.turn.take(() -> "seen")).isEqualTo("seen");
        release.countDown();
        scanner.join();
    }

    @Test
    void keepsAnInterruptOfTheScanningThread() {
        Thread.currentThread().interrupt();
        assertThat(this.turn.take(() -> "seen")).isEqualTo("seen");
        assertThat(Thread.interrupted()).isTrue();
    }
}

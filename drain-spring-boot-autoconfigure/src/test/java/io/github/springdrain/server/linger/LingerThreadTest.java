// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LingerThreadTest {

    private LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

    @BeforeEach
    void awaitThreadsOfOthers() {
        LingerThreads.awaitNone();
    }

    @AfterEach
    void close() {
        this.closer.close();
    }

    @Test
    void isNotStartedBeforeItIsNeeded() {
        assertThat(LingerThreads.running()).isEmpty();
    }

    @Test
    void isADaemonThatHoldsNothingOfTheThreadThatStartedIt() throws IOException {
        Thread.currentThread().setContextClassLoader(new ClassLoader() {});
        try (Loopback loopback = Loopback.open()) {
            this.closer.linger(loopback.server, null, true);

            assertThat(LingerThreads.running()).singleElement().satisfies((thread) -> {
                assertThat(thread.isDaemon()).isTrue();
                assertThat(thread.getContextClassLoader()).isSameAs(LingeringCloser.class.getClassLoader());
            });
        } finally {
            Thread.currentThread().setContextClassLoader(LingerThreadTest.class.getClassLoader());
        }
    }

    @Test
    void endsWhenNothingLingersAndStartsAgain() throws IOException {
        this.closer = new LingeringCloser(LingerLimits.DEFAULTS, System::nanoTime, Duration.ofMillis(50));
        for (long i = 1; i <= 2; i++) {
            lingerOnce();
            long expected = i;
            await().untilAsserted(() ->
                    assertThat(this.closer.outcomes()).containsEntry(LingerOutcome.PEER_CLOSED, expected));
            await().until(() -> LingerThreads.running().isEmpty());
        }
    }

    @Test
    void losesNoConnectionThatComesWhileItEnds() throws Exception {
        this.closer = new LingeringCloser(LingerLimits.DEFAULTS, System::nanoTime, Duration.ZERO);
        int threads = 2;
        int rounds = 500;
        CountDownLatch done = new CountDownLatch(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads; i++) {
            pool.execute(() -> {
                lingerOften(rounds);
                done.countDown();
            });
        }
        assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();

        await().until(() -> this.closer.active() == 0);
        assertThat(this.closer.outcomes()).containsEntry(LingerOutcome.PEER_CLOSED, (long) threads * rounds);
        await().until(() -> LingerThreads.running().isEmpty());
    }

    @Test
    void hasEndedWhenTheCloserIsClosed() throws IOException {
        try (Loopback loopback = Loopback.open()) {
            this.closer.linger(loopback.server, null, true);
            this.closer.close();

            assertThat(LingerThreads.running()).isEmpty();
            assertThat(this.closer.outcomes()).containsEntry(LingerOutcome.ABORTED, 1L);
        }
    }

    /** A container may be started again without anything having been aborted. */
    @Test
    void goesOnWhenTheServerIsStartedAgain() throws IOException {
        try (Loopback before = Loopback.open();
                Loopback after = Loopback.open()) {
            this.closer.linger(before.server, null, true);
            this.closer.renew();
            this.closer.linger(after.server, null, true);
            assertThat(LingerThreads.running()).hasSize(1);

            this.closer.close();
            assertThat(this.closer.active()).isZero();
            await().until(() -> LingerThreads.running().isEmpty());
        }
    }

    @Test
    void startsAgainAfterAnAbort() throws IOException {
        try (Loopback before = Loopback.open();
                Loopback after = Loopback.open()) {
            this.closer.linger(before.server, null, true);
            this.closer.abort();
            this.closer.renew();
            this.closer.linger(after.server, null, true);
            assertThat(this.closer.active()).isEqualTo(1);
            await().until(() -> LingerThreads.running().size() == 1);
        }
    }

    private void lingerOften(int rounds) {
        try {
            for (int i = 0; i < rounds; i++) {
                lingerOnce();
            }
        } catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Closes the client only after the hand-over, so that the connection does reach the thread. */
    private void lingerOnce() throws IOException {
        Loopback loopback = Loopback.open();
        this.closer.linger(loopback.server, null, true);
        loopback.client.close();
    }
}

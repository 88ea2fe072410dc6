// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread writes, and the drain ends what it writes. */
@Timeout(60)
class TerminableBodyTests {

    private static final int BYTES = 100_000;

    private final TerminableBody body = new TerminableBody();

    private final Sink sink = new Sink();

    private final TerminableOutput output = new TerminableOutput(this.body, this.sink);

    private final AtomicInteger ends = new AtomicInteger();

    @Test
    void allocatesNothingForAByteWhileNoDrainRuns() throws IOException {
        write(BYTES);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        write(BYTES);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(BYTES);
        assertThat(this.sink.bytes).isEqualTo(2 * BYTES);
    }

    private void write(int bytes) throws IOException {
        for (int written = 0; written < bytes; written++) {
            this.output.write('x');
            if (written % 10 == 0) {
                this.output.flush();
            }
        }
    }

    @Test
    void endsAtOnceWhereTheWriterHasFlushed() throws IOException {
        this.output.write('x');
        this.output.flush();
        this.body.end(this.ends::incrementAndGet);
        assertThat(this.ends).hasValue(1);
    }

    @Test
    void endsWhereTheWriterFlushes() throws Exception {
        this.output.write('x');
        CompletableFuture<Void> end = end();
        // It waits for the writer, who is heard of only through the lock from then on.
        this.output.write('y');
        this.output.flush();
        end.get(30, TimeUnit.SECONDS);
        assertThat(this.ends).hasValue(1);
        assertThat(this.sink.atEnd).isEqualTo(2);
        this.body.gone();
        assertThatThrownBy(() -> this.output.write('z')).isInstanceOf(IOException.class);
        this.output.flush();
    }

    @Test
    void endsWithoutAFlushThatDoesNotCome() throws Exception {
        this.output.write('x');
        end().get(30, TimeUnit.SECONDS);
        assertThat(this.ends).hasValue(1);
    }

    @Test
    void endsNeverWithinAWrite() throws Exception {
        CountDownLatch release = this.sink.block();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> call(() -> this.output.write('x')));
        this.sink.awaitBlocked();
        CompletableFuture<Void> end = end();
        // Longer than the end waits for a flush.
        assertThat(end.isDone()).isFalse();
        Awaitility.await().pollDelay(1200, TimeUnit.MILLISECONDS).until(() -> true);
        assertThat(this.ends).hasValue(0);
        release.countDown();
        writing.get(30, TimeUnit.SECONDS);
        end.get(30, TimeUnit.SECONDS);
        assertThat(this.ends).hasValue(1);
    }

    @Test
    void commitsNeverWithinAWrite() throws Exception {
        CountDownLatch release = this.sink.block();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> call(() -> this.output.write('x')));
        this.sink.awaitBlocked();
        AtomicInteger atCommit = new AtomicInteger(-1);
        CompletableFuture<Void> commit =
                CompletableFuture.runAsync(() -> call(() -> this.body.commit(() -> atCommit.set(this.sink.bytes))));
        release.countDown();
        commit.get(30, TimeUnit.SECONDS);
        writing.get(30, TimeUnit.SECONDS);
        assertThat(atCommit).hasValue(1);
    }

    /** Once for each of many bodies, at any moment. */
    @Test
    void endsEachBodyOnceAndBetweenTwoWrites() throws Exception {
        for (int round = 0; round < 300; round++) {
            TerminableBody raced = new TerminableBody();
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            AtomicInteger within = new AtomicInteger();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        raced.beginWrite();
                        inside.incrementAndGet();
                        inside.decrementAndGet();
                        raced.endWrite();
                        if (raced.beginFlush()) {
                            inside.incrementAndGet();
                            inside.decrementAndGet();
                            raced.endFlush(true);
                        }
                    }
                } catch (IOException ex) {
                    // It has ended.
                }
            });
            raced.end(() -> {
                within.addAndGet(inside.get());
                ended.incrementAndGet();
                raced.gone();
            });
            writing.get(30, TimeUnit.SECONDS);
            assertThat(ended).hasValue(1);
            assertThat(within).hasValue(0);
        }
    }

    private CompletableFuture<Void> end() {
        return CompletableFuture.runAsync(() -> call(() -> this.body.end(() -> {
            this.sink.atEnd = this.sink.bytes;
            this.ends.incrementAndGet();
        })));
    }

    private static void call(TerminableBody.Step step) {
        try {
            step.run();
        } catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Counts bytes. */
    private static final class Sink extends ServletOutputStream {

        private final CountDownLatch blocked = new CountDownLatch(1);

        private CountDownLatch release = new CountDownLatch(0);

        private volatile int bytes;

        private volatile int atEnd = -1;

        CountDownLatch block() {
            this.release = new CountDownLatch(1);
            return this.release;
        }

        void awaitBlocked() throws InterruptedException {
            assertThat(this.blocked.await(30, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate")
        public void write(int value) throws IOException {
            this.blocked.countDown();
            try {
                this.release.await();
            } catch (InterruptedException ex) {
                throw new IOException(ex);
            }
            this.bytes++;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}

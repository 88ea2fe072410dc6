// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that end streams. Ending one may block on a peer that does not read, so there are a few threads, and one
 * more whenever all of them are held up. Used by the drain's thread; the threads are daemons and end with the drain.
 */
final class StreamTerminationThreads {

    private static final Logger logger = LoggerFactory.getLogger(StreamTerminationThreads.class);

    private static final int FEW = 2;

    private static final int MOST = 256;

    private final AtomicInteger names = new AtomicInteger();

    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(FEW, FEW, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
                Thread thread = new Thread(task, "drain-stream-" + this.names.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    private long completed = -1;

    void run(String step, Step action) {
        this.executor.execute(() -> {
            try {
                action.run();
            } catch (Throwable ex) {
                // A client that has gone, most of the time: what is left of the stream is aborted at the deadline.
                logger.debug("Drain step '{}' of a stream failed", step, ex);
            }
        });
    }

    /** Adds a thread where nothing has got on since the last call. */
    void relieve() {
        long now = this.executor.getCompletedTaskCount();
        int size = this.executor.getCorePoolSize();
        if (now == this.completed && !this.executor.getQueue().isEmpty() && size < MOST) {
            this.executor.setMaximumPoolSize(size + 1);
            this.executor.setCorePoolSize(size + 1);
        }
        this.completed = now;
    }

    /** Lets the threads go; one that is held up by its peer goes when its connection is aborted. */
    void close() {
        this.executor.shutdownNow();
    }

    /** What is done to one stream. */
    interface Step {

        void run() throws Exception;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/**
 * The threads of one XNIO worker: several that read and write connections, and one that accepts for all listeners and
 * hands every connection to a queue of one of the others. XNIO gives access to the former only; the latter is a thread
 * like them whose number follows theirs.
 */
final class IoThreads {

    private final XnioWorker worker;

    private final @Nullable XnioIoThread acceptThread;

    private final List<XnioIoThread> ioThreads = new ArrayList<>();

    IoThreads(XnioWorker worker) {
        this.worker = worker;
        XnioIoThread accepting = null;
        for (XnioIoThread thread : all()) {
            if (thread.getWorker() != worker) {
                continue;
            }
            if (thread.getNumber() == worker.getIoThreadCount()) {
                accepting = thread;
            } else {
                this.ioThreads.add(thread);
            }
        }
        this.acceptThread = accepting;
    }

    private static List<XnioIoThread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() * 2 + 64];
        int count = root.enumerate(threads, true);
        List<XnioIoThread> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (threads[i] instanceof XnioIoThread thread) {
                found.add(thread);
            }
        }
        return found;
    }

    boolean isRunning() {
        return !this.worker.isShutdown();
    }

    /** The thread that accepts; {@code null} if it was not found. */
    @Nullable XnioIoThread acceptThread() {
        return this.acceptThread;
    }

    /** Has each I/O thread count the latch down once it has run what was queued before. */
    void afterQueued(Runnable action) {
        CountDownLatch turns = new CountDownLatch(this.ioThreads.size());
        Runnable turn = () -> {
            turns.countDown();
            if (turns.getCount() == 0) {
                action.run();
            }
        };
        this.ioThreads.forEach((thread) -> execute(thread, turn));
    }

    /** Blocks until the I/O threads and then the accept thread have run what was queued before; at most the bound. */
    boolean awaitTurn(long boundMillis) {
        CountDownLatch turn = new CountDownLatch(this.ioThreads.size());
        this.ioThreads.forEach((thread) -> execute(thread, turn::countDown));
        return await(turn, boundMillis);
    }

    static boolean await(CountDownLatch latch, long boundMillis) {
        try {
            return latch.await(boundMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs the task on that thread, right away where that is the calling one; returns whether it will be run. */
    static boolean execute(XnioIoThread thread, Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
            return true;
        }
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException ex) {
            return false;
        }
    }
}

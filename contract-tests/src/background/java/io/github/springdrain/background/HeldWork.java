// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Pieces of work that take as long as the test says. */
final class HeldWork {

    private final List<String> begun = new CopyOnWriteArrayList<>();

    private final List<String> done = new CopyOnWriteArrayList<>();

    private final CountDownLatch release = new CountDownLatch(1);

    /** Does one piece of work; an interrupt leaves it undone. */
    void run(String name) {
        this.begun.add(name);
        try {
            this.release.await();
            this.done.add(name);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does it on a thread of its own that nobody else knows. */
    CompletableFuture<Void> runLater(String name) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    run(name);
                    future.complete(null);
                },
                "test-work");
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    void release() {
        this.release.countDown();
    }

    List<String> begun() {
        return this.begun;
    }

    List<String> done() {
        return this.done;
    }
}

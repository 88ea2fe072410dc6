// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** Finds the threads of closers by their name. */
final class LingerThreads {

    private LingerThreads() {}

    /** Those of tests that ran before in this process may be on their way out. */
    static void awaitNone() {
        await().atMost(Duration.ofSeconds(30)).until(() -> running().isEmpty());
    }

    static List<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter((thread) -> thread.getName().equals("drain-linger"))
                .toList();
    }
}

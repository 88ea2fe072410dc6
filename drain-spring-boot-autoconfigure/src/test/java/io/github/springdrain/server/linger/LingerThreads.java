// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import java.util.List;

/** Finds the threads of closers by their name. */
final class LingerThreads {

    private LingerThreads() {}

    static List<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter((thread) -> thread.getName().equals("drain-linger"))
                .toList();
    }
}

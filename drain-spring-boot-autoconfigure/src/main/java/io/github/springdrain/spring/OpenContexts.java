// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The contexts of this JVM whose drains have not ended. Spring closes one context after the other; what is going to be
 * closed by the same shutdown is drained at the same time, so that there is one deadline and not the sum of them.
 * Thread-safe. Holds contexts weakly.
 */
final class OpenContexts {

    private static final Set<DrainLifecycle> lifecycles =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private OpenContexts() {}

    static void add(DrainLifecycle lifecycle) {
        lifecycles.add(lifecycle);
    }

    static void remove(DrainLifecycle lifecycle) {
        lifecycles.remove(lifecycle);
    }

    /** The others that close with this one: its children always, and all where the JVM shuts down. */
    static List<DrainLifecycle> closingWith(DrainLifecycle first) {
        boolean all = isJvmShuttingDown();
        synchronized (lifecycles) {
            return lifecycles.stream()
                    .filter((other) -> other != first && (all || other.isBelow(first)))
                    .toList();
        }
    }

    /** Whoever shuts the JVM down, no hook can be added any more. */
    private static boolean isJvmShuttingDown() {
        Thread hook = new Thread(() -> {}, "drain-shutdown-probe");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException ex) {
            return true;
        }
    }
}

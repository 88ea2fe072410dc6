// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainableStream;
import io.github.springdrain.OpenStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The open-ended responses under way. Thread-safe; costs one entry in a set for each stream, and nothing else. */
final class OpenStreamRegistry implements OpenStreams {

    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    @Override
    public Registration open(DrainableStream stream) {
        Entry entry = new Entry(stream);
        this.entries.add(entry);
        return () -> this.entries.remove(entry);
    }

    @Override
    public int size() {
        return this.entries.size();
    }

    /** The streams that were not returned by an earlier call of the same drain. */
    List<DrainableStream> takeUncommitted(DrainHandle drain) {
        return this.entries.stream()
                .filter((entry) -> entry.commitFor(drain))
                .map((entry) -> entry.stream)
                .toList();
    }

    /** The streams whose turn to end has come; a stream that is new draws its turn from what is left of the window. */
    List<DrainableStream> takeDue(DrainHandle drain, long nowNanos, Duration windowLeft) {
        List<DrainableStream> due = new ArrayList<>();
        for (Entry entry : this.entries) {
            if (entry.isDue(drain, nowNanos, windowLeft)) {
                due.add(entry.stream);
            }
        }
        return due;
    }

    /** One stream and how far a drain has come with it. The drain's part is used by the drain's thread alone. */
    private static final class Entry {

        private final DrainableStream stream;

        private final Turn commit = new Turn();

        private final Turn end = new Turn();

        Entry(DrainableStream stream) {
            this.stream = stream;
        }

        boolean commitFor(DrainHandle drain) {
            return this.commit.comes(drain, 0, Duration.ZERO);
        }

        boolean isDue(DrainHandle drain, long nowNanos, Duration windowLeft) {
            return this.end.comes(drain, nowNanos, windowLeft);
        }
    }

    /** A moment within a window, drawn once for each drain, that comes once. */
    private static final class Turn {

        private static final Object NEVER = new Object();

        private Object drain = NEVER;

        private long atNanos;

        private boolean taken;

        boolean comes(DrainHandle current, long nowNanos, Duration windowLeft) {
            if (this.drain != current) {
                this.drain = current;
                this.atNanos = nowNanos + (long) (ThreadLocalRandom.current().nextDouble() * windowLeft.toNanos());
                this.taken = false;
            }
            boolean comes = !this.taken && nowNanos - this.atNanos >= 0;
            this.taken |= comes;
            return comes;
        }
    }
}

package io.github.springdrain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The open-ended responses under way. Thread-safe; costs one entry in a set for each stream, and nothing else. */
public final class OpenStreams {

    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    /** Adds a stream, to be ended by a drain; its registration has to be closed when it ends by itself. */
    public Registration open(DrainableStream stream) {
        Entry entry = new Entry(stream);
        this.entries.add(entry);
        return () -> this.entries.remove(entry);
    }

    /** How many streams are open. */
    public int size() {
        return this.entries.size();
    }

    /** The streams that were not returned by an earlier call of the same drain. */
    List<DrainableStream> takeUncommitted(DrainRun run) {
        return this.entries.stream()
                .filter((entry) -> entry.commitFor(run))
                .map((entry) -> entry.stream)
                .toList();
    }

    /** The streams whose turn to end has come; a stream that is new draws its turn from what is left of the window. */
    List<DrainableStream> takeDue(DrainRun run, long nowNanos, Duration windowLeft) {
        List<DrainableStream> due = new ArrayList<>();
        for (Entry entry : this.entries) {
            if (entry.isDue(run, nowNanos, windowLeft)) {
                due.add(entry.stream);
            }
        }
        return due;
    }

    /** A stream's place among the open ones. */
    public interface Registration {

        /** Gives the place up. Does nothing when called again. */
        void close();
    }

    /** One stream and how far a drain has come with it. The drain's part is used by the drain's thread alone. */
    private static final class Entry {

        private final DrainableStream stream;

        private final Turn commit = new Turn();

        private final Turn end = new Turn();

        Entry(DrainableStream stream) {
            this.stream = stream;
        }

        boolean commitFor(DrainRun run) {
            return this.commit.comes(run, 0, Duration.ZERO);
        }

        boolean isDue(DrainRun run, long nowNanos, Duration windowLeft) {
            return this.end.comes(run, nowNanos, windowLeft);
        }
    }

    /** A moment within a window, drawn once for each drain, that comes once. */
    private static final class Turn {

        private static final Object NEVER = new Object();

        private Object run = NEVER;

        private long atNanos;

        private boolean taken;

        boolean comes(DrainRun current, long nowNanos, Duration windowLeft) {
            if (this.run != current) {
                this.run = current;
                this.atNanos = nowNanos + (long) (ThreadLocalRandom.current().nextDouble() * windowLeft.toNanos());
                this.taken = false;
            }
            boolean comes = !this.taken && nowNanos - this.atNanos >= 0;
            this.taken |= comes;
            return comes;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The listener containers of one messaging library. At the announcement those that run are stopped without waiting, so
 * that they take no more from the broker and finish what they have; after a drain that was resumed the same ones are
 * started again. Containers that only receive replies to requests of the application are left alone: requests in
 * service may wait for them. Thread-safe.
 */
abstract class ListenerContainers implements DrainParticipant, DrainListener {

    private static final Logger logger = LoggerFactory.getLogger(ListenerContainers.class);

    private static final long LOOK_MILLIS = 10;

    private final Set<String> excluded;

    private final Map<String, StoppedContainer> stopped = new ConcurrentHashMap<>();

    private volatile boolean prepared;

    private volatile long deadline;

    private volatile boolean forced;

    ListenerContainers(Set<String> excluded) {
        this.excluded = Set.copyOf(excluded);
    }

    /** The containers that take work from a broker, by the identifier of the listener or the name of the bean. */
    abstract Map<String, SmartLifecycle> containers();

    /**
     * Called before a container is stopped; returns what takes the change back once it has stopped.
     *
     * @param remaining what the drain gives the container for its work
     */
    Runnable beforeStop(SmartLifecycle container, Duration remaining) {
        return () -> {};
    }

    /** The calls that have to end before a container is stopped; {@code null} where it waits for them itself. */
    @Nullable ListenerCalls calls(SmartLifecycle container) {
        return null;
    }

    /** Called before a container that was stopped is started again. */
    void beforeStart(SmartLifecycle container) {}

    @Override
    public final void prepare(Duration remaining) {
        // Those of an earlier drain, whose context has been started again since.
        this.stopped.clear();
        running().forEach((name, container) -> this.stopped.put(name, stoppable(container, remaining)));
        this.deadline = System.nanoTime() + remaining.toNanos();
        this.forced = false;
        this.prepared = true;
        this.stopped.values().forEach(StoppedContainer::stop);
    }

    private StoppedContainer stoppable(SmartLifecycle container, Duration remaining) {
        ListenerCalls calls = calls(container);
        return new StoppedContainer(
                container,
                (calls != null) ? calls : new ListenerCalls(Duration.ZERO),
                () -> beforeStop(container, remaining),
                () -> beforeStart(container));
    }

    private Map<String, SmartLifecycle> running() {
        Map<String, SmartLifecycle> running = new LinkedHashMap<>(containers());
        running.keySet().removeAll(this.excluded);
        running.values().removeIf((container) -> !container.isRunning());
        return running;
    }

    @Override
    public final void resume() {
        this.prepared = false;
        this.stopped.values().forEach(StoppedContainer::startAgain);
        this.stopped.clear();
    }

    /** Waits, no longer than the drain does, for the containers whose stop waits for calls. */
    final void awaitDelayed() throws InterruptedException {
        while (this.prepared
                && !this.forced
                && this.deadline - System.nanoTime() > 0
                && this.stopped.values().stream().anyMatch(StoppedContainer::isDelayed)) {
            Thread.sleep(LOOK_MILLIS);
        }
    }

    @Override
    public final boolean isActive(Duration remaining) {
        return activeWork(remaining) > 0;
    }

    /**
     * Before the announcement every container that runs, after it every one that has not finished stopping. One that
     * starts during the drain is not waited for: it stops when the context closes, as it does without the drain.
     */
    @Override
    public final int activeWork(Duration remaining) {
        if (!this.prepared) {
            return running().size();
        }
        return (int) this.stopped.values().stream()
                .filter((entry) -> !entry.isOver())
                .count();
    }

    @Override
    public final void force() {
        this.forced = true;
        logger.warn(
                "Listeners that had not finished when the time was over, and whose messages the broker may deliver again: {}",
                this.stopped.entrySet().stream()
                        .filter((entry) -> !entry.getValue().isOver())
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList());
    }

    /** A request that waits for a message of a listener which was stopped hangs, and nothing else would show why. */
    @Override
    public final void drained(DrainReport report) {
        boolean requests = report.aborted().stream()
                .anyMatch((aborted) -> !aborted.requests().isEmpty());
        if (requests && !this.stopped.isEmpty()) {
            logger.warn(
                    "Requests were aborted while {} were stopped: {}. If a request waits for what one of them takes,"
                            + " name it in server.drain.participants.exclude",
                    name(),
                    this.stopped.keySet().stream().sorted().toList());
        }
    }
}

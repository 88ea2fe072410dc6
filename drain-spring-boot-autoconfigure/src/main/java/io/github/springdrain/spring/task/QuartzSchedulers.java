// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import io.github.springdrain.DrainParticipant;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Quartz. At the announcement the schedulers that run go on standby, so that no trigger fires and, in a cluster, other
 * nodes take over; jobs under way are waited for, and when the drain is resumed the same schedulers start again. A
 * scheduler whose jobs cannot be counted counts as busy. Thread-safe.
 */
public final class QuartzSchedulers implements DrainParticipant {

    private static final Logger logger = LoggerFactory.getLogger(QuartzSchedulers.class);

    private final ListableBeanFactory beans;

    private final Set<String> excluded;

    private final Set<Scheduler> onStandby = ConcurrentHashMap.newKeySet();

    private final Set<Scheduler> unknown = ConcurrentHashMap.newKeySet();

    private volatile Map<String, Scheduler> schedulers = Map.of();

    private volatile boolean prepared;

    /**
     * Creates the participant.
     *
     * @param excluded names of scheduler beans that go on during a drain
     */
    public QuartzSchedulers(ListableBeanFactory beans, Set<String> excluded) {
        this.beans = beans;
        this.excluded = Set.copyOf(excluded);
    }

    @Override
    public String name() {
        return "Quartz jobs";
    }

    @Override
    public void prepare(Duration remaining) {
        // Those of an earlier drain, whose context has been started again since.
        this.onStandby.clear();
        this.schedulers = find();
        this.prepared = true;
        this.schedulers.forEach(this::standBy);
    }

    private void standBy(String name, Scheduler scheduler) {
        try {
            if (scheduler.isStarted() && !scheduler.isInStandbyMode() && !scheduler.isShutdown()) {
                scheduler.standby();
                this.onStandby.add(scheduler);
            }
        } catch (SchedulerException | RuntimeException ex) {
            logger.warn("Quartz scheduler '{}' cannot go on standby; its triggers still fire", name, ex);
        }
    }

    @Override
    public void resume() {
        this.prepared = false;
        this.schedulers.forEach((name, scheduler) -> {
            if (this.onStandby.remove(scheduler)) {
                start(name, scheduler);
            }
        });
    }

    private static void start(String name, Scheduler scheduler) {
        try {
            scheduler.start();
        } catch (SchedulerException | RuntimeException ex) {
            logger.warn("Quartz scheduler '{}' could not be started again", name, ex);
        }
    }

    @Override
    public boolean isActive(Duration remaining) {
        return activeWork(remaining) > 0;
    }

    @Override
    public int activeWork(Duration remaining) {
        int jobs = 0;
        for (Map.Entry<String, Scheduler> entry : (this.prepared ? this.schedulers : find()).entrySet()) {
            jobs += executing(entry.getKey(), entry.getValue());
        }
        return jobs;
    }

    private Map<String, Scheduler> find() {
        Map<String, Scheduler> found = new LinkedHashMap<>(this.beans.getBeansOfType(Scheduler.class, false, false));
        found.keySet().removeAll(this.excluded);
        return found;
    }

    private int executing(String name, Scheduler scheduler) {
        try {
            return scheduler.isShutdown()
                    ? 0
                    : scheduler.getCurrentlyExecutingJobs().size();
        } catch (SchedulerException | RuntimeException ex) {
            if (this.unknown.add(scheduler)) {
                logger.warn("The jobs of Quartz scheduler '{}' cannot be counted; it counts as busy", name, ex);
            }
            return 1;
        }
    }

    @Override
    public void force() {
        logger.warn(
                "Quartz jobs that had not finished when the time was over, and are left running: {}",
                this.schedulers.values().stream()
                        .flatMap((scheduler) -> executing(scheduler).stream())
                        .map((job) -> job.getJobDetail().getKey().toString())
                        .sorted()
                        .toList());
    }

    private static List<JobExecutionContext> executing(Scheduler scheduler) {
        try {
            return scheduler.getCurrentlyExecutingJobs();
        } catch (SchedulerException | RuntimeException ex) {
            return List.of();
        }
    }
}

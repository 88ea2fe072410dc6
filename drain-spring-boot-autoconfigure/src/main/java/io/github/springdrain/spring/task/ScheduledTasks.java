// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import io.github.springdrain.DrainParticipant;
import io.github.springdrain.spring.ClosingThread;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * Methods annotated with {@code @Scheduled}, and whatever else the application has given to the
 * {@link ScheduledTaskRegistrar}. From the announcement on no run begins, those under way are waited for, and after a
 * drain that was resumed the triggers go on where they are. Costs one volatile read and an entry in a set each
 * time a task runs, and nothing on a request. Thread-safe.
 */
public final class ScheduledTasks implements DrainParticipant, SchedulingConfigurer, Ordered {

    private final TaskSuspension suspension = new TaskSuspension();

    private final ClosingThread closingThread;

    /** Creates the participant of one context. */
    public ScheduledTasks(ClosingThread closingThread) {
        this.closingThread = closingThread;
    }

    /** After the application's own configurers, one of which may choose the scheduler. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        TaskScheduler scheduler = registrar.getScheduler();
        if (scheduler != null) {
            registrar.setTaskScheduler(new SuspendableTaskScheduler(scheduler, this.suspension));
        }
    }

    @Override
    public String name() {
        return "scheduled tasks";
    }

    @Override
    public void prepare(Duration remaining) {
        this.suspension.suspend();
    }

    @Override
    public void resume() {
        this.suspension.resume();
    }

    @Override
    public boolean isActive(Duration remaining) {
        return activeWork(remaining) > 0;
    }

    @Override
    public int activeWork(Duration remaining) {
        return this.suspension.running(this.closingThread);
    }
}

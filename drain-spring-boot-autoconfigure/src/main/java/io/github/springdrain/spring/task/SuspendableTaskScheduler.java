// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

/** A scheduler whose tasks do not run while they are suspended. */
final class SuspendableTaskScheduler implements TaskScheduler {

    private final TaskScheduler target;

    private final TaskSuspension suspension;

    SuspendableTaskScheduler(TaskScheduler target, TaskSuspension suspension) {
        this.target = target;
        this.suspension = suspension;
    }

    @Override
    public Clock getClock() {
        return this.target.getClock();
    }

    @Override
    public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
        return this.target.schedule(this.suspension.repeating(task), trigger);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
        return this.target.schedule(this.suspension.once(task, () -> scheduleNow(task)), startTime);
    }

    private void scheduleNow(Runnable task) {
        ScheduledFuture<?> unused = schedule(task, getClock().instant());
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
        return this.target.scheduleAtFixedRate(this.suspension.repeating(task), startTime, period);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
        return this.target.scheduleAtFixedRate(this.suspension.repeating(task), period);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
        return this.target.scheduleWithFixedDelay(this.suspension.repeating(task), startTime, delay);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
        return this.target.scheduleWithFixedDelay(this.suspension.repeating(task), delay);
    }
}

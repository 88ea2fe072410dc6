package io.github.springdrain.spring.task;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

/** A scheduler whose tasks pass a gate each time they run. */
final class GatedTaskScheduler implements TaskScheduler {

    private final TaskScheduler target;

    private final TaskGate gate;

    GatedTaskScheduler(TaskScheduler target, TaskGate gate) {
        this.target = target;
        this.gate = gate;
    }

    @Override
    public Clock getClock() {
        return this.target.getClock();
    }

    @Override
    public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
        return this.target.schedule(this.gate.repeating(task), trigger);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
        return this.target.schedule(this.gate.once(task, () -> scheduleNow(task)), startTime);
    }

    private void scheduleNow(Runnable task) {
        ScheduledFuture<?> unused = schedule(task, getClock().instant());
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
        return this.target.scheduleAtFixedRate(this.gate.repeating(task), startTime, period);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
        return this.target.scheduleAtFixedRate(this.gate.repeating(task), period);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
        return this.target.scheduleWithFixedDelay(this.gate.repeating(task), startTime, delay);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
        return this.target.scheduleWithFixedDelay(this.gate.repeating(task), delay);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.metrics;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.server.DrainableServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The drain's meters, registered at start-up because a registry that is being closed takes no new ones. They are read
 * when the registry asks and cost nothing in between. Thread-safe.
 *
 * <ul>
 *   <li>{@code server.drain.phase}: gauge, the number of the {@link DrainPhase}, from 0 to 6
 *   <li>{@code server.drain.duration}: gauge, the time since the drain began, standing still once it is over
 *   <li>{@code server.drain.remaining}: gauge, the time to the deadline
 *   <li>{@code server.drain.lingering}: gauge, half-closed connections that are being read to their end
 *   <li>{@code server.drain.requests}: counter, by {@code outcome}: {@code completed} or {@code forced}
 *   <li>{@code server.drain.accepted}: counter, connections accepted while draining
 *   <li>{@code server.drain.accepted.late}: counter, those of them that were rescued from the accept queue
 * </ul>
 */
public final class DrainMetrics implements MeterBinder, DrainListener {

    private final Drain drain;

    private final DrainedTotals totals;

    private final AtomicLong forced = new AtomicLong();

    private final AtomicLong late = new AtomicLong();

    private volatile @Nullable DrainTimeline timeline;

    private volatile Duration duration = Duration.ZERO;

    /**
     * Creates the meters of one drain, which must know them as a listener.
     *
     * @param server the server that is drained, whichever that is at the time
     */
    public DrainMetrics(Drain drain, Supplier<DrainableServer> server) {
        this.drain = drain;
        this.totals = new DrainedTotals(server);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("server.drain.phase", this.drain, (target) -> number(target.phase()))
                .description("Where the drain stands, from 0 (RUNNING) to 6 (DRAINED)")
                .strongReference(true)
                .register(registry);
        bindTimes(registry);
        Gauge.builder("server.drain.lingering", this.totals, DrainedTotals::lingering)
                .description("Half-closed connections that are being read to their end")
                .baseUnit(BaseUnits.CONNECTIONS)
                .strongReference(true)
                .register(registry);
        bindCounters(registry);
    }

    /** Dashboards and alerts know these numbers: one that is given keeps its meaning. */
    private static int number(DrainPhase phase) {
        return switch (phase) {
            case RUNNING -> 0;
            case ANNOUNCED -> 1;
            case EMPTYING_ACCEPT_QUEUE -> 2;
            case CLOSED_TO_NEW -> 3;
            case FINISHING -> 4;
            case FORCING -> 5;
            case DRAINED -> 6;
        };
    }

    private void bindTimes(MeterRegistry registry) {
        TimeGauge.builder("server.drain.duration", () -> elapsed().toMillis(), TimeUnit.MILLISECONDS)
                .description("Time since the drain began; stands still once it is over")
                .register(registry);
        TimeGauge.builder("server.drain.remaining", () -> remaining().toMillis(), TimeUnit.MILLISECONDS)
                .description("Time to the deadline of the drain; 0 where none is under way")
                .register(registry);
    }

    private void bindCounters(MeterRegistry registry) {
        counter("server.drain.requests", "Requests that ended while draining, by how", this.totals::requests)
                .tag("outcome", "completed")
                .baseUnit("requests")
                .register(registry);
        counter("server.drain.requests", "Requests that ended while draining, by how", this.forced::get)
                .tag("outcome", "forced")
                .baseUnit("requests")
                .register(registry);
        counter("server.drain.accepted", "Connections accepted while draining", this.totals::accepted)
                .baseUnit(BaseUnits.CONNECTIONS)
                .register(registry);
        counter("server.drain.accepted.late", "Connections rescued from the accept queue", this.late::get)
                .baseUnit(BaseUnits.CONNECTIONS)
                .register(registry);
    }

    /** The registry holds on to {@code this}, as Boot holds on to the binder anyway. */
    private FunctionCounter.Builder<DrainMetrics> counter(String name, String description, LongSupplier value) {
        return FunctionCounter.builder(name, this, (metrics) -> value.getAsLong())
                .description(description);
    }

    @Override
    public void phaseEntered(DrainPhase phase, DrainTimeline entered) {
        if (phase == DrainPhase.ANNOUNCED) {
            this.timeline = entered;
            // Last, as the server may fail to count.
            this.totals.begin();
        }
    }

    @Override
    public void resumed() {
        this.timeline = null;
        this.duration = Duration.ZERO;
        this.totals.end();
    }

    @Override
    public void drained(DrainReport report) {
        this.forced.addAndGet(report.aborted().stream()
                .mapToLong((connection) -> connection.requests().size())
                .sum());
        this.late.addAndGet(report.acceptQueue().rescued());
        this.duration = report.duration();
        this.timeline = null;
        this.totals.end();
    }

    private Duration elapsed() {
        DrainTimeline current = this.timeline;
        return (current != null) ? current.elapsed() : this.duration;
    }

    private Duration remaining() {
        DrainTimeline current = this.timeline;
        return (current != null) ? current.remaining() : Duration.ZERO;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTimeline;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Keeps the application's readiness in step with the drain, by the policy its user chose. Thread-safe. Publishes only
 * what changes something, and takes back only what it or Boot's own closing of the context has published: an
 * application that refuses traffic for a reason of its own goes on doing so.
 */
public final class DrainReadiness
        implements DrainListener, ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

    private final ReadinessPolicy policy;

    private final Drain drain;

    private final ApplicationContext context;

    private final ReadinessHistory history = new ReadinessHistory();

    private volatile boolean refusedByDrain;

    /** Creates the readiness of one context. */
    public DrainReadiness(ReadinessPolicy policy, Drain drain, ApplicationContext context) {
        this.policy = policy;
        this.drain = drain;
        this.context = context;
    }

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
        this.history.add(event.getState(), event.getSource());
    }

    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    @Override
    public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
        if (phase == this.policy.refusesFrom()) {
            refuse();
        }
    }

    @Override
    public void resumed() {
        if (this.refusedByDrain) {
            this.refusedByDrain = false;
            publish(ReadinessState.ACCEPTING_TRAFFIC);
        }
    }

    /**
     * The context closes. Boot has published that the application refuses traffic by then; where that comes too early
     * for the policy, it is withdrawn.
     */
    void contextClosing() {
        if (this.policy == ReadinessPolicy.IMMEDIATE
                || isTimeToRefuse()
                || !this.history.isRefusedOnlyBy(this.context)) {
            return;
        }
        publish(ReadinessState.ACCEPTING_TRAFFIC);
        // The drain's thread may have closed the listeners in between, and found nothing to change.
        if (isTimeToRefuse()) {
            refuse();
        }
    }

    private boolean isTimeToRefuse() {
        return this.policy.refusesIn(this.drain.phase());
    }

    private void refuse() {
        if (this.history.current() != ReadinessState.REFUSING_TRAFFIC) {
            this.refusedByDrain = true;
            publish(ReadinessState.REFUSING_TRAFFIC);
        }
    }

    private void publish(ReadinessState state) {
        AvailabilityChangeEvent.publish(this.context, state);
    }
}

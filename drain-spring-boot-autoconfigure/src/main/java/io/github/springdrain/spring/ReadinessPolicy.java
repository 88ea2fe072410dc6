// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.DrainPhase;
import org.jspecify.annotations.Nullable;

/** When the application's readiness changes to refusing traffic. */
public enum ReadinessPolicy {

    /** As soon as the drain is announced, so that load balancers stop sending. */
    IMMEDIATE,

    /** When the listeners are closed, for routers that send to a terminating instance only while it is ready. */
    AT_CLOSE,

    /** Not by the drain. */
    NEVER;

    /** Whether an application refuses traffic while its drain is in this phase. */
    public boolean refusesIn(DrainPhase phase) {
        DrainPhase from = refusesFrom();
        return from != null && phase.compareTo(from) >= 0;
    }

    /** The phase in which the readiness changes; {@code null} for none. */
    @Nullable DrainPhase refusesFrom() {
        return switch (this) {
            case IMMEDIATE -> DrainPhase.ANNOUNCED;
            case AT_CLOSE -> DrainPhase.CLOSED_TO_NEW;
            case NEVER -> null;
        };
    }
}

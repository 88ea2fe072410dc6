// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainSettings.ConnectionClose;
import io.github.springdrain.spring.ReadinessPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The announcement.
 *
 * @param delay Time to keep serving after the drain was announced, so that load balancers notice. Where it is not
 *     set, five seconds on Kubernetes and none elsewhere.
 * @param minDelay Part of the announce delay that quiet traffic does not shorten.
 * @param quietPeriod Time without a request, other than health checks and actuator calls, after which the announce
 *     delay ends early. Zero to never end it early.
 * @param readiness When the readiness state changes to refusing traffic.
 * @param connectionClose When HTTP/1.1 responses start to carry 'Connection: close'.
 */
record AnnounceProperties(
        @Nullable Duration delay,
        @DefaultValue("0s") Duration minDelay,
        @DefaultValue("0s") Duration quietPeriod,
        @DefaultValue("immediate") ReadinessPolicy readiness,
        @DefaultValue("immediate") ConnectionClose connectionClose) {}

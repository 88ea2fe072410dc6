// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** An actuator call that takes its time: {@code /actuator/slow?ms=N}. For tests; there only where it is asked for. */
@Component
@ConditionalOnProperty("sample.slow-endpoint")
@Endpoint(id = "slow")
class SlowEndpoint {

    @ReadOperation
    Map<String, Long> slow(long ms) {
        BlockingController.pause(ms);
        return Map.of("ms", ms);
    }
}

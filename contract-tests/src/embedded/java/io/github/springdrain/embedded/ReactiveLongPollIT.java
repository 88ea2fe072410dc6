// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;

/** Long polls that a reactive application completes when its context closes do not hold that up. */
@Timeout(120)
class ReactiveLongPollIT {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void longPollsEndAsTheApplicationEndsThem(boolean drain) throws Exception {
        LongPollIT.assertEndedByTheApplication(WebApplicationType.REACTIVE, drain);
    }
}

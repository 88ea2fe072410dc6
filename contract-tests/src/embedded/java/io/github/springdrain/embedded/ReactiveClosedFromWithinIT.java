// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;

/** A reactive application that closes its context ends at once, from whatever thread it does so. */
@Timeout(120)
class ReactiveClosedFromWithinIT {

    @ParameterizedTest
    @ValueSource(strings = {"/close", "/exit", "/scheduled", "/async"})
    void endsAtOnce(String path) throws Exception {
        ClosedFromWithin.close(WebApplicationType.REACTIVE, path);
    }

    @Test
    void endsAsPlainSpringBootFromAThreadThatIsNotTheRequests() throws Exception {
        ClosedFromWithin.closeAsPlainSpringBoot(WebApplicationType.REACTIVE, "/elastic");
    }
}

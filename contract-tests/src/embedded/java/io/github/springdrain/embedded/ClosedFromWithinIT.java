// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;

/** A servlet application that closes its context ends at once, from whatever thread it does so. */
@Timeout(120)
class ClosedFromWithinIT {

    @ParameterizedTest
    @ValueSource(strings = {"/close", "/exit", "/callable", "/streaming", "/scheduled", "/async"})
    void endsAtOnce(String path) throws Exception {
        ClosedFromWithin.close(WebApplicationType.SERVLET, path);
    }

    @Test
    void endsAsPlainSpringBootFromAThreadThatIsNotTheRequests() throws Exception {
        ClosedFromWithin.closeAsPlainSpringBoot(WebApplicationType.SERVLET, "/deferred");
    }
}

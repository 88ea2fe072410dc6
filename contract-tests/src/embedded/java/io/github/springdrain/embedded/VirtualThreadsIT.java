// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;

/** A servlet application on virtual threads loses nothing, and does not outlive the deadline. */
@Timeout(300)
@Tag("long")
class VirtualThreadsIT {

    @Test
    void nothingIsLost() {
        VirtualThreads.loseNothing(WebApplicationType.SERVLET, "/slow", "/callable");
    }

    @Test
    void whatIsLeftIsNamedAndInterrupted() {
        VirtualThreads.areNamedAndInterrupted(WebApplicationType.SERVLET, "/slow", "thread");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;

/** A reactive application that serves blocking controllers on virtual threads loses nothing. */
@Timeout(300)
@Tag("long")
class ReactiveVirtualThreadsIT {

    @Test
    void nothingIsLost() {
        VirtualThreads.loseNothing(WebApplicationType.REACTIVE, "/slow");
    }
}

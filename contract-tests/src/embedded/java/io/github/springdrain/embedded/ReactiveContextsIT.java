// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;

/** Contexts of reactive applications that follow each other in one JVM, as in tests, leave nothing behind. */
@OncePerContainer
@Timeout(300)
class ReactiveContextsIT {

    @Test
    void nothingIsLeftOfClosedContexts() {
        ContextsIT.assertNothingLeft(WebApplicationType.REACTIVE);
    }
}

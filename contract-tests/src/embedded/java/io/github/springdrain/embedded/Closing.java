// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ConfigurableApplicationContext;

/** The end of an application, and of its server with it. */
final class Closing {

    private static final long SECONDS = 60;

    private Closing() {}

    /** Closes the application and returns what the drain on the way reports. */
    static DrainReport of(ConfigurableApplicationContext context) {
        Drain drain = context.getBean(Drain.class);
        context.close();
        return drain.start(DrainTrigger.CONTEXT_CLOSE)
                .report()
                .toCompletableFuture()
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .join();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application without a server finishes its work, too. */
@Timeout(180)
class WorkerIT {

    /** Plain Spring Boot awaits it as well, and says nothing. */
    @ParameterizedTest(name = "drain {0}")
    @ValueSource(booleans = {false, true})
    void aScheduledTaskRunsToItsEnd(boolean drain) {
        try (ApplicationProcess application = ApplicationProcess.of(WorkerApplication.class)
                .with("--spring.main.web-application-type=none")
                .drain(drain)
                .start()) {
            application.awaitLine("job begins");
            application.terminate();
            application.awaitExit();
            application.awaitLine("job is complete");
            assertThat(application.output().lines((line) -> line.contains("Drain report: drain graceful")))
                    .hasSize(drain ? 1 : 0);
        }
    }
}

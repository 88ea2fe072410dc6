package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application without a server finishes its work, too. */
@Timeout(180)
class WorkerIT {

    @Test
    void aScheduledTaskRunsToItsEnd() {
        assertThat(end(true)).containsExactly("job is complete");
    }

    @Test
    void itIsInterruptedWithoutTheDrain() {
        assertThat(end(false)).containsExactly("job is interrupted");
    }

    private static List<String> end(boolean drain) {
        try (ApplicationProcess application = ApplicationProcess.of(WorkerApplication.class)
                .with("--spring.main.web-application-type=none")
                .drain(drain)
                .start()) {
            application.awaitLine("job begins");
            application.terminate();
            application.awaitExit();
            if (drain) {
                application.awaitLine("Drain report: drain graceful");
            }
            return application.output().lines((line) -> line.startsWith("job is "));
        }
    }
}

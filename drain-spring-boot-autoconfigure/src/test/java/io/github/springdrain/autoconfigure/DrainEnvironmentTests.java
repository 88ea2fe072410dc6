// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class DrainEnvironmentTests {

    private static final String TEST_MARKER = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

    private final MockEnvironment properties = new MockEnvironment();

    private final DrainEnvironment environment = new DrainEnvironment(this.properties, null);

    @TempDir
    private Path directory;

    @Test
    void reportsIntoTheTerminationLogOfAPod() throws IOException {
        Path log = Files.createFile(this.directory.resolve("termination-log"));
        assertThat(this.environment.reportFile(log)).as("away from Kubernetes").isNull();
        onKubernetes();
        assertThat(this.environment.reportFile(log)).isEqualTo(log);
        this.properties.setProperty(TEST_MARKER, "true");
        assertThat(this.environment.reportFile(log)).as("in a test").isNull();
    }

    @Test
    void reportsIntoNoFileThatThePodDoesNotHave() {
        onKubernetes();
        assertThat(this.environment.reportFile(this.directory.resolve("missing")))
                .isNull();
        assertThat(this.environment.reportFile(this.directory)).isNull();
    }

    private void onKubernetes() {
        this.properties.setProperty("spring.main.cloud-platform", "kubernetes");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestsTest {

    private final Manifests manifests = new Manifests(Path.of("..", "deploy", "kubernetes"));

    private Container container(Strategy strategy) {
        return Manifests.container(this.manifests.deployment(strategy, "image"));
    }

    @Test
    void differInTheHook() {
        assertThat(container(Strategy.STARTER).getLifecycle()).isNull();
        assertThat(container(Strategy.BOOT).getLifecycle()).isNull();
        assertThat(container(Strategy.STARTER_EXEC)
                        .getLifecycle()
                        .getPreStop()
                        .getExec()
                        .getCommand())
                .contains("curl");
        assertThat(container(Strategy.STARTER_HTTP_GET)
                        .getLifecycle()
                        .getPreStop()
                        .getHttpGet()
                        .getPath())
                .isEqualTo("/actuator/drain/prestop");
        assertThat(container(Strategy.BOOT_SLEEP)
                        .getLifecycle()
                        .getPreStop()
                        .getSleep()
                        .getSeconds())
                .isEqualTo(5);
    }

    @Test
    void switchTheDrainOffForTheControlsOnly() {
        assertThat(container(Strategy.BOOT).getEnv())
                .extracting(EnvVar::getName)
                .contains("SERVER_DRAIN_ENABLED");
        assertThat(container(Strategy.STARTER).getEnv())
                .extracting(EnvVar::getName)
                .doesNotContain("SERVER_DRAIN_ENABLED");
        assertThat(container(Strategy.STARTER).getImage()).isEqualTo("image");
    }

    @Test
    void makeRestrictedPodsWithAWritableFolderOrNone() {
        Deployment writable = Manifests.restricted(this.manifests.deployment(Strategy.STARTER, "image"), true);
        Deployment nothing = Manifests.restricted(this.manifests.deployment(Strategy.STARTER, "image"), false);
        assertThat(Manifests.container(writable).getVolumeMounts())
                .singleElement()
                .satisfies((mount) -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
        assertThat(Manifests.container(nothing).getVolumeMounts()).isEmpty();
        for (Deployment deployment : List.of(writable, nothing)) {
            assertThat(Manifests.container(deployment).getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"17, true, DEVICE_GATE", "17, false, QUEUE_OBSERVED", "25, true, DEVICE_GATE", "25, false, DEVICE_GATE"
    })
    void needAWritableFolderForTheGateOnOldJdksOnly(int jdk, boolean writable, String gate) {
        assertThat(Manifests.gate(jdk, writable)).isEqualTo(gate);
    }
}

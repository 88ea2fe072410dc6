// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static Settings of(Map<String, String> properties) {
        return Settings.of((name) -> properties.getOrDefault(name, ""));
    }

    @Test
    void withoutPropertiesAreEverything() {
        Settings settings = of(Map.of());

        assertThat(settings.scenarios()).containsExactly(Scenario.values());
        assertThat(settings.strategies()).containsExactly(Strategy.values());
        assertThat(settings.jdks().keySet()).containsExactly("17", "25");
        assertThat(settings.jdk()).isEqualTo("17");
    }

    @Test
    void chooseByName() {
        Settings settings = of(Map.of(
                "cluster.scenarios", "SCALE_DOWN,RECREATE",
                "cluster.jdks", "25=/opt/jdk-25",
                "cluster.load", "k3s ctr images import"));

        assertThat(settings.scenarios()).containsExactly(Scenario.SCALE_DOWN, Scenario.RECREATE);
        assertThat(settings.jdks()).containsExactly(Map.entry("25", "/opt/jdk-25"));
        assertThat(settings.load()).containsExactly("k3s", "ctr", "images", "import");
    }

    @Test
    void thatAreWrongAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Map.of("cluster.scenarios", "ROLLING")))
                .withMessageStartingWith("cluster.scenarios is 'ROLLING' (expected: some of [ROLLING_UPDATE, ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Map.of("cluster.rounds", "0")))
                .withMessage("cluster.rounds is '0' (expected: at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Map.of("cluster.variant", "boot5")))
                .withMessageStartingWith("cluster.variant is 'boot5' (expected: one of boot3-tomcat, ");
    }

    @Test
    void haveToConfirmTheContext() {
        Context context = new Context("kind-test", "https://127.0.0.1:6443/");

        assertThat(context.isConfirmed("")).isFalse();
        assertThat(context.isConfirmed("kind-other")).isFalse();
        assertThat(context.isConfirmed("kind-test")).isTrue();
        assertThat(context.question()).contains("kind-test").contains("-Dcluster.confirm=kind-test");
        assertThat(new Context("", "null").isConfirmed("")).isFalse();
    }

    @Test
    void sayHowImagesReachAClusterThatIsNotKnown() {
        assertThat(new Context("kind-test", "").loadCommand(of(Map.of()))).endsWith("--name", "test");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Context("gke", "").loadCommand(of(Map.of())))
                .withMessageContaining("-Dcluster.registry=");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.server.acceptqueue.linux.ListenerGate.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class ServerGateTest {

    @Test
    void saysOfASharedListenerThatNewClientsCannotBeSteered() {
        assertThat(reason(Mode.OFF, Sharing.REUSE_PORT))
                .isEqualTo("The gate is switched off; new clients cannot be steered (the gate is switched off)");
    }

    @Test
    void saysNothingOfSteeringWhereItWorksOrNobodySharesTheListener() {
        assertThat(reason(Mode.AUTO, Sharing.REUSE_PORT)).startsWith("Set by ").doesNotContain("steered");
        assertThat(reason(Mode.OFF, Sharing.NONE)).isEqualTo("The gate is switched off");
    }

    private static String reason(Mode mode, Sharing sharing) {
        return new ServerGate(mode, sharing, "Tomcat")
                .status("http", 8080, true)
                .reason();
    }
}

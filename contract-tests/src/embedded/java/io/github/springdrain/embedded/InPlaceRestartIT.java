// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.WebApplicationType;

/** Clients of a servlet application whose context is started again in place. */
@OncePerContainer
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class InPlaceRestartIT {

    private final InPlaceRestart restart = new InPlaceRestart(WebApplicationType.SERVLET);

    @Test
    void clientsNoticeNothing() {
        this.restart.assertUnnoticed();
    }

    @Test
    void clientsAreRefusedByPlainSpringBoot() {
        this.restart.assertRefusedByPlainSpringBoot();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The preStop hook of an application that Spring Security guards. */
@Timeout(180)
class SecurityIT {

    private static final String PRESTOP = "GET /actuator/drain/prestop";

    private static final String TOKEN = "X-Drain-Token: " + SecuredApplication.TOKEN;

    private static final String OPERATOR =
            "Authorization: Basic " + Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8));

    private static ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "management.endpoints.web.exposure.include=drain",
                        "management.endpoint.drain.access=unrestricted",
                        "server.drain.prestop.http-get=true",
                        "spring.security.user.name=ops",
                        "spring.security.user.password=secret",
                        "spring.security.user.roles=OPERATOR")
                .properties(properties)
                .run();
    }

    /** One request with these fields, on a connection of its own. */
    private static RawResponse call(ConfigurableApplicationContext context, String port, String request, String field) {
        int number = context.getEnvironment().getRequiredProperty(port, Integer.class);
        return RawClient.plain("localhost", number)
                .exchange((connection) -> connection
                        .write(request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n"
                                + field + "\r\n\r\n")
                        .read());
    }

    @Test
    void theDefaultsKeepTheHookOut() {
        try (ConfigurableApplicationContext context = start(UnpreparedApplication.class)) {
            assertThat(call(context, "local.server.port", PRESTOP, TOKEN).status())
                    .isEqualTo(401);
            assertThat(context.getBean(Drain.class).phase()).isEqualTo(DrainPhase.RUNNING);
            assertThat(call(context, "local.server.port", PRESTOP, OPERATOR).status())
                    .as("with the login of a user")
                    .isEqualTo(200);
        }
    }

    @Test
    void theDocumentedChainLetsInTheHookThatHasTheHeader() {
        try (ConfigurableApplicationContext context = start(SecuredApplication.class)) {
            assertHookDrains(context, "local.server.port");
        }
    }

    @Test
    void theDocumentedChainGuardsAManagementPortOfItsOwn() {
        try (ConfigurableApplicationContext context = start(SecuredApplication.class, "management.server.port=0")) {
            assertHookDrains(context, "local.management.port");
            assertThat(call(context, "local.management.port", "GET /actuator/drain", OPERATOR)
                            .text())
                    .contains("\"trigger\":\"PRESTOP\"");
            assertThat(call(context, "local.management.port", "POST /actuator/drain/wait", OPERATOR)
                            .status())
                    .as("without a token against forged requests")
                    .isEqualTo(200);
        }
    }

    private static void assertHookDrains(ConfigurableApplicationContext context, String port) {
        Drain drain = context.getBean(Drain.class);
        assertThat(call(context, port, PRESTOP, "X-Drain-Token: wrong").status())
                .isEqualTo(401);
        assertThat(call(context, port, "GET /actuator/drain", "Accept: */*").status())
                .isEqualTo(401);
        assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);

        RawResponse response = call(context, port, PRESTOP, TOKEN);
        assertThat(response.summary()).startsWith("COMPLETE 200");
        assertThat(response.text()).contains("\"trigger\":\"PRESTOP\"");
        assertThat(drain.status().trigger()).isEqualTo(DrainTrigger.PRESTOP);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The preStop hook of a reactive application, on the port that it drains. */
@Timeout(120)
class ReactivePreStopIT {

    @Test
    void theHookRespondsOnceTheRequestsInServiceHaveTheirResponses() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ReactiveApplication.class)
                .web(WebApplicationType.REACTIVE)
                .properties(
                        "server.port=0",
                        "management.endpoints.web.exposure.include=drain",
                        "management.endpoint.drain.access=unrestricted",
                        "server.drain.prestop.http-get=true")
                .run()) {
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            RawClient client = RawClient.plain("localhost", port);
            Drain drain = context.getBean(Drain.class);
            assertThat(client.get("/actuator/drain/wait").status()).isEqualTo(404);
            assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);

            RawConnection slow = client.connect().request("GET", "/slow");
            RawResponse hook = client.get("/actuator/drain/prestop");
            assertThat(hook.summary()).startsWith("COMPLETE 200");
            assertThat(drain.status().trigger()).isEqualTo(DrainTrigger.PRESTOP);
            assertThat(slow.read().outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(client.get("/hello").outcome()).isEqualTo(Outcome.REFUSED);
        }
    }
}

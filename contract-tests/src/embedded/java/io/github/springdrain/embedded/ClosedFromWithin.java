// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.ConnectionEnd;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Has an application close itself, and looks at what comes of it. */
final class ClosedFromWithin {

    /** Without anything else in flight; the deadline of the drain would be 25 s. */
    private static final Duration PROMPT = Duration.ofSeconds(10);

    private static final String LIMIT_OF_PHASE = "spring.lifecycle.timeout-per-shutdown-phase=2s";

    private ClosedFromWithin() {}

    static void close(WebApplicationType type, String path) throws Exception {
        assertThat(duration(type, path)).isLessThan(PROMPT);
    }

    /**
     * A request whose work runs on a thread that nobody knows to be its own is waited for to the end of the time, with the
     * starter and without.
     */
    static void closeAsPlainSpringBoot(WebApplicationType type, String path) throws Exception {
        Duration plain = duration(type, path, LIMIT_OF_PHASE, "server.drain.enabled=false");
        assertThat(duration(type, path, LIMIT_OF_PHASE, "server.drain.timeout=2s"))
                .isLessThan(plain.plus(Duration.ofSeconds(3)));
    }

    private static Duration duration(WebApplicationType type, String path, String... properties) throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ClosedFromWithinApplication.class)
                .web(type)
                .properties("server.port=0")
                .properties(properties)
                .run()) {
            Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            ClosedFromWithinApplication.Closing closing = context.getBean(ClosedFromWithinApplication.Closing.class);
            RawClient client = RawClient.plain("localhost", port).withPatience(Duration.ofSeconds(60));
            ConcurrentClients<RawResponse> reader =
                    ConcurrentClients.start("reader", 1, client.connect().request("GET", path)::read);
            Duration duration = closing.duration().get(60, TimeUnit.SECONDS);
            RawResponse response = reader.results(Duration.ofSeconds(60)).get(0);
            System.out.printf(
                    "%s of a %s application %s: closed in %d ms, %s%n",
                    path, type, List.of(properties), duration.toMillis(), response);
            if (properties.length == 0) {
                assertThat(closing.interrupted()).isCompletedWithValue(false);
                if (response.outcome() != Outcome.COMPLETE) {
                    // A streaming body has its head sent before it is asked for the rest. Tomcat's stop tells
                    // asynchronous
                    // requests that their time is up, which may come to be a response.
                    assertThat(response.outcome())
                            .isIn(Outcome.NO_RESPONSE, Outcome.TRUNCATED, Outcome.UNAVAILABLE_503);
                    assertThat(response.ending()).isEqualTo(ConnectionEnd.EOF);
                }
            }
            return duration;
        }
    }
}

package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.ConnectionEnd;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Has an application close itself, and looks at what comes of it. */
final class ClosedFromWithin {

    /** Without anything else in flight; the deadline of the drain would be 25 s. */
    private static final Duration PROMPT = Duration.ofSeconds(10);

    private ClosedFromWithin() {}

    static void close(WebApplicationType type, String path) throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ClosedFromWithinApplication.class)
                .web(type)
                .properties("server.port=0")
                .run()) {
            Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            ClosedFromWithinApplication.Closing closing = context.getBean(ClosedFromWithinApplication.Closing.class);
            RawClient client = RawClient.plain("localhost", port).withPatience(Duration.ofSeconds(60));
            ConcurrentClients<RawResponse> reader =
                    ConcurrentClients.start("reader", 1, client.connect().request("GET", path)::read);
            Duration duration = closing.duration().get(60, TimeUnit.SECONDS);
            RawResponse response = reader.results(Duration.ofSeconds(60)).get(0);
            System.out.printf(
                    "%s of a %s application: closed in %d ms, %s%n", path, type, duration.toMillis(), response);
            assertThat(duration).isLessThan(PROMPT);
            assertThat(closing.interrupted()).isCompletedWithValue(false);
            if (response.outcome() != Outcome.COMPLETE) {
                assertThat(response.outcome()).isEqualTo(Outcome.NO_RESPONSE);
                assertThat(response.ending()).isEqualTo(ConnectionEnd.EOF);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.springdrain.Drain;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.rsocket.RSocketRequester;
import org.springframework.stereotype.Controller;

/** An RSocket server on a port of its own is no part of the drain, and the log says so. */
@Timeout(120)
class ReactiveRSocketIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    /** Spring Boot sets logging up before, and forgets what was added earlier. */
    private void record(ConfigurableApplicationContext context) {
        this.log.start();
        logger().addAppender(this.log);
    }

    @AfterEach
    void recordNoMore() {
        logger().detachAppender(this.log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.github.springdrain.spring.rsocket");
    }

    private ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(ReactiveApplication.class, Greetings.class)
                .web(WebApplicationType.REACTIVE)
                .initializers(this::record)
                .properties("server.port=0", "spring.rsocket.server.port=0")
                .properties(properties)
                .run();
    }

    private static int port(ConfigurableApplicationContext context, String server) {
        Integer port = context.getEnvironment().getRequiredProperty("local." + server + ".port", Integer.class);
        return port;
    }

    private static @Nullable String greeting(int port) {
        RSocketRequester requester = RSocketRequester.builder().tcp("localhost", port);
        try {
            return requester.route("greeting").retrieveMono(String.class).block(LIMIT);
        } finally {
            requester.dispose();
        }
    }

    private List<String> lines() {
        return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void isNamedServesBesideADrainAndEndsWithTheContext() throws Exception {
        int rsocket;
        try (ConfigurableApplicationContext context = start()) {
            rsocket = port(context, "rsocket.server");
            assertThat(lines())
                    .containsExactly("The RSocket server on port " + rsocket
                            + " is not drained: it stops as it does without the starter");
            assertThat(context.getBean(Drain.class).start(DrainTrigger.ENDPOINT).awaitReport())
                    .isTrue();
            assertThat(RawClient.plain("localhost", port(context, "server"))
                            .get("/hello")
                            .outcome())
                    .isEqualTo(Outcome.REFUSED);
            assertThat(greeting(rsocket)).isEqualTo("hello");
        }
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), rsocket).close());
    }

    @Test
    void isNotNamedWithoutTheDrain() {
        try (ConfigurableApplicationContext context = start("server.drain.enabled=false")) {
            assertThat(greeting(port(context, "rsocket.server"))).isEqualTo("hello");
            assertThat(lines()).isEmpty();
        }
    }

    /** What the RSocket server serves. */
    static class Greetings {

        @Bean
        GreetingController greetingController() {
            return new GreetingController();
        }
    }

    /** One request, one response. */
    @Controller
    static class GreetingController {

        @MessageMapping("greeting")
        String greeting() {
            return "hello";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.DrainReport;
import io.github.springdrain.contract.ConnectStorm;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.StormTally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A context that is started again in place: the next one listens on the port of the first in the same JVM, and the first is
 * closed under a storm of connections.
 */
final class InPlaceRestart {

    private static final int RESTARTS = 3;

    private static final int CLIENTS = 8;

    private static final int RESPONSES = 200;

    private final WebApplicationType type;

    private final Class<?>[] sources;

    /** One of an application of this type, with more sources of beans. */
    InPlaceRestart(WebApplicationType type, Class<?>... more) {
        this.type = type;
        this.sources =
                Stream.concat(Stream.of(Application.class), Stream.of(more)).toArray(Class<?>[]::new);
    }

    void assertUnnoticed() {
        int port = Ports.free();
        StormTally tally = StormTally.EMPTY;
        List<DrainReport> reports = new ArrayList<>();
        ConfigurableApplicationContext current = open(port);
        try (ConnectStorm storm = storm(port)) {
            for (int i = 0; i < RESTARTS; i++) {
                ConfigurableApplicationContext leaving = current;
                current = open(port);
                storm.begin();
                awaitServed(storm, RESPONSES);
                reports.add(Closing.of(leaving));
                awaitServed(storm, storm.tally().count(Outcome.COMPLETE) + RESPONSES);
                tally = tally.plus(storm.end());
            }
        } finally {
            current.close();
        }
        System.out.printf("%d restarts in place: %s%n", RESTARTS, tally.format());
        assertThat(tally.lost()).as(tally.format()).isZero();
        assertThat(tally.count(Outcome.REFUSED)).as(tally.format()).isZero();
        assertThat(reports).allSatisfy((report) -> {
            assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            assertThat(report.acceptQueue().level()).isEqualTo("DEVICE_GATE");
            assertThat(report.acceptQueue().handedOver()).isTrue();
        });
    }

    /** The control: plain Spring Boot shares no port, so that one context has to be closed before the next can listen. */
    void assertRefusedByPlainSpringBoot() {
        int port = Ports.free();
        ConfigurableApplicationContext current = open(port, "server.drain.enabled=false");
        try (ConnectStorm storm = storm(port)) {
            storm.begin();
            awaitServed(storm, RESPONSES);
            current.close();
            current = open(port, "server.drain.enabled=false");
            awaitServed(storm, storm.tally().count(Outcome.COMPLETE) + RESPONSES);
            StormTally tally = storm.end();
            System.out.printf("a restart in place of plain Spring Boot: %s%n", tally.format());
            assertThat(tally.count(Outcome.REFUSED)).as(tally.format()).isPositive();
        } finally {
            current.close();
        }
    }

    private static ConnectStorm storm(int port) {
        return new ConnectStorm(RawClient.plain("127.0.0.1", port), CLIENTS, Duration.ZERO);
    }

    private static void awaitServed(ConnectStorm storm, long responses) {
        boolean served =
                Moment.awaitThat(() -> storm.tally().count(Outcome.COMPLETE) >= responses, Duration.ofMinutes(1));
        assertThat(served).as(storm.tally().format()).isTrue();
    }

    private ConfigurableApplicationContext open(int port, String... properties) {
        return new SpringApplicationBuilder(this.sources)
                .web(this.type)
                .properties("server.port=" + port, "server.drain.reuse-port=true", "spring.main.banner-mode=off")
                .properties("logging.level.root=warn", "spring.reactor.netty.shutdown-quiet-period=0s")
                // On a loaded machine clients may be later with their first request than the default allows.
                .properties("server.drain.connections.first-request-grace=8s")
                .properties(properties)
                .run();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Resource.class)
    static class Application {}

    /** What clients ask for. */
    @RestController
    static class Resource {

        @GetMapping("/hello")
        String hello() {
            return "hello";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.Drain;
import io.github.springdrain.DrainReport;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** every kind of open-ended stream in Spring MVC is ended, and actuator calls are not waited for. */
@Timeout(120)
class StreamsIT {

    private static final int MOST_CONTROLS = 5;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(StreamsApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("server.port=0", "spring.mvc.async.request-timeout=-1")
                .properties("management.endpoints.web.exposure.include=*")
                .properties(properties)
                .run();
    }

    private static RawClient client(ConfigurableApplicationContext context) {
        Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return RawClient.plain("localhost", port).withPatience(LIMIT);
    }

    private static ConcurrentClients<RawResponse> read(RawConnection connection) {
        return ConcurrentClients.start("reader", 1, connection::read);
    }

    private static ConcurrentClients<RawResponse> get(ConfigurableApplicationContext context, String path)
            throws IOException {
        return read(client(context).connect().request("GET", path));
    }

    private static RawResponse response(ConcurrentClients<RawResponse> reader) {
        return reader.results(LIMIT).get(0);
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Moment.awaitThat(condition, LIMIT)).isTrue();
    }

    private static int inService(Drain drain) {
        Map<ConnectionState, Integer> connections = drain.status().connections();
        return connections.getOrDefault(ConnectionState.IN_SERVICE, 0)
                + connections.getOrDefault(ConnectionState.RESPONDING, 0);
    }

    @Test
    void everyKindOfStreamEndsAsIfItWereCompleteButADownload() throws Exception {
        ConfigurableApplicationContext context = start(
                "server.drain.timeout=6s", "server.drain.streams.timeout=1s", "server.drain.streams.retry=2500ms");
        Drain drain = context.getBean(Drain.class);
        StreamsApplication application = context.getBean(StreamsApplication.class);
        ConcurrentClients<RawResponse> emitter = get(context, "/emitter");
        ConcurrentClients<RawResponse> quiet = get(context, "/quiet");
        ConcurrentClients<RawResponse> body = get(context, "/body");
        ConcurrentClients<RawResponse> download = get(context, "/download");
        ConcurrentClients<RawResponse> flux = get(context, "/flux");
        ConcurrentClients<RawResponse> functional = get(context, "/functional");
        await(() -> drain.streams().size() == 6);
        ConcurrentClients<RawResponse> sockJs =
                read(client(context).connect().head("POST", "/sock/000/s1/xhr_streaming", 0));
        await(() -> inService(drain) == 7);
        Moment.await(System.nanoTime(), Duration.ofMillis(500));

        DrainReport report = Closing.of(context);
        assertThat(response(emitter).summary()).startsWith("COMPLETE 200");
        assertThat(response(emitter).text()).endsWith("line\n");
        assertThat(response(body).summary()).startsWith("COMPLETE 200");
        assertThat(response(body).text()).endsWith("line\n");
        assertThat(response(quiet).summary()).startsWith("COMPLETE 200");
        assertThat(response(quiet).text()).endsWith("retry:2500\n\n");
        assertThat(response(flux).summary()).startsWith("COMPLETE 200");
        assertThat(response(flux).text()).contains("data:tick\n\n").endsWith("retry:2500\n\n");
        assertThat(response(functional).summary()).startsWith("COMPLETE 200");
        assertThat(response(functional).text()).contains("data:tick\n\n").endsWith("retry:2500\n\n");
        assertThat(response(sockJs).summary()).startsWith("COMPLETE 200");
        assertThat(response(sockJs).text()).endsWith("c[1001,\"The server is going away\"]\n");
        assertThat(response(download).outcome().isLost()).isTrue();
        assertThat(application.streamsEndings()).isEqualTo(1);
        assertThat(report.aborted().stream()
                        .map(ConnectionSnapshot::requests)
                        .map((requests) -> requests.get(0).path()))
                .containsExactly("/download");
        // The one that was aborted may still be on its way out.
        assertThat(drain.streams().size()).isLessThan(2);
    }

    @Test
    void theyGoOnUntilShortlyBeforeTheDeadlineUnlessSetOtherwise() throws Exception {
        ConfigurableApplicationContext context =
                start("server.drain.timeout=10s", "server.drain.connections.idle-grace=100ms");
        StreamsApplication application = context.getBean(StreamsApplication.class);
        Drain drain = context.getBean(Drain.class);
        ConcurrentClients<RawResponse> emitter = get(context, "/emitter");
        await(() -> drain.streams().size() == 1);
        DrainReport report = Closing.of(context);
        assertThat(response(emitter).summary()).startsWith("COMPLETE 200");
        assertThat(application.streamsEndings()).isEqualTo(1);
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        // A second for its last bytes, which a busy machine needs, and half of one for what is aborted.
        assertThat(report.duration()).isBetween(Duration.ofMillis(8500), Duration.ofMillis(9500));
    }

    /** One may look whole, which depends on when the threads of its server are stopped. */
    @Test
    void theyAreCutWithoutTheDrain() throws Exception {
        boolean cut = false;
        for (int i = 0; !cut && i < MOST_CONTROLS; i++) {
            cut = isEmitterCutWithoutTheDrain();
        }
        assertThat(cut).isTrue();
    }

    private static boolean isEmitterCutWithoutTheDrain() throws Exception {
        ConfigurableApplicationContext context =
                start("server.drain.enabled=false", "spring.lifecycle.timeout-per-shutdown-phase=1s");
        ConcurrentClients<RawResponse> emitter = get(context, "/emitter");
        ConcurrentClients<RawResponse> body = get(context, "/body");
        StreamsApplication.Streams streams = context.getBean(StreamsApplication.Streams.class);
        await(() -> streams.begun() == 2);
        Moment.await(System.nanoTime(), Duration.ofMillis(500));
        context.close();
        System.out.printf(
                "without the drain: emitter %s, streaming body %s%n",
                response(emitter).summary(), response(body).summary());
        return response(emitter).outcome().isLost();
    }

    @Test
    void actuatorCallsDoNotHoldTheEnd() throws Exception {
        ConfigurableApplicationContext context = start("server.drain.timeout=25s");
        ConcurrentClients<RawResponse> slow = get(context, "/actuator/slow");
        Moment.await(System.nanoTime(), Duration.ofMillis(500));
        long start = System.nanoTime();
        DrainReport report = Closing.of(context);
        Duration closing = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf(
                "slow actuator call: drained in %d ms, closed in %d ms%n",
                report.duration().toMillis(), closing.toMillis());
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(5));
        assertThat(closing).isLessThan(Duration.ofSeconds(15));
        assertThat(response(slow).outcome().isLost()).isTrue();
    }
}

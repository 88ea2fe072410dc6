// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The actuator endpoint, over HTTP. */
abstract class EndpointContract {

    private static final String DRAIN = "/actuator/drain";

    private static final String PRESTOP = DRAIN + "/prestop";

    private static final String ALLOW_PRESTOP = "--server.drain.prestop.http-get=true";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Target target;

    EndpointContract(Target target) {
        this.target = target;
    }

    @Test
    void startsShowsAndResumes() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with("--server.drain.announce.delay=50s", "--server.drain.timeout=60s")
                .start()) {
            RawClient client = server.client();
            assertRunning(client.get(DRAIN));
            assertThat(client.delete(DRAIN).status()).as("nothing to resume").isEqualTo(409);

            RawResponse started = client.post(DRAIN);
            assertThat(Json.text(started, "$.phase")).isEqualTo("ANNOUNCED");
            assertThat(Json.text(started, "$.trigger")).isEqualTo("ENDPOINT");
            RawResponse joined = client.post(DRAIN);
            assertThat(Json.text(joined, "$.startedAt")).isEqualTo(Json.text(started, "$.startedAt"));
            assertThat(Json.text(client.get(DRAIN), "$.deadline")).isEqualTo(Json.text(started, "$.deadline"));
            assertThat(Json.text(client.get(DRAIN), "$.remaining")).startsWith("PT");
            awaitRefusal(client);

            assertThat(Json.text(client.delete(DRAIN), "$.phase")).isEqualTo("RUNNING");
            assertThat(client.get("/actuator/health/readiness").status())
                    .as("at once")
                    .isEqualTo(200);
            assertThat(closesAfterHello(client)).as("at once").isFalse();
            assertThat(Json.text(client.post(DRAIN), "$.phase")).as("again").isEqualTo("ANNOUNCED");
        }
    }

    /** The drain's own thread makes it so, a moment after the endpoint has responded. */
    private static void awaitRefusal(RawClient client) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(closesAfterHello(client)).isTrue();
        });
    }

    private void assertRunning(RawResponse status) {
        assertThat(Json.text(status, "$.phase")).isEqualTo("RUNNING");
        assertThat(Json.text(status, "$.server"))
                .isEqualTo(this.target.variant().container().displayName());
        assertThat(Json.texts(status, "$.listeners[*].open")).containsExactly("true");
        assertThat(Json.texts(status, "$.listeners[*].level"))
                .singleElement()
                .asString()
                .isNotBlank();
        assertThat(Json.texts(status, "$.listeners[*].reason"))
                .singleElement()
                .asString()
                .isNotBlank();
        assertThat(Json.text(status, "$.lingering")).isEqualTo("0");
    }

    private static boolean closesAfterHello(RawClient client) throws IOException {
        try (RawConnection connection = client.connect()) {
            RawResponse response = connection.request("GET", "/hello").readResponse();
            assertThat(response.summary()).startsWith("COMPLETE 200");
            return response.isConnectionClose();
        }
    }

    @Test
    void aSignalJoinsTheDrainAndTheWaitingCallersHaveTheirResponses() throws IOException {
        try (SampleProcess server = this.target.sample().with(ALLOW_PRESTOP).start()) {
            RawConnection upload = halfAnUpload(server);
            RawConnection operator = server.client().connect();
            RawConnection hook = server.client().connect();
            RawConnection hookAgain = server.client().connect();
            Backlog.awaitEmpty(server.port(), LIMIT);
            operator.head("POST", DRAIN + "/wait", 0);
            hook.write(KubeletHook.request(PRESTOP));
            hookAgain.write(KubeletHook.request(PRESTOP));
            server.output().await((line) -> line.contains("Drain FINISHING"), LIMIT);
            server.terminate();
            assertUploaded(upload);

            assertThat(List.of(operator, hook, hookAgain)).allSatisfy((connection) -> {
                RawResponse waited = connection.read();
                assertThat(waited.summary()).startsWith("COMPLETE 200").endsWith("EOF, Connection: close");
                assertThat(Json.text(waited, "$.trigger")).isIn("ENDPOINT", "PRESTOP");
            });
            assertThat(server.awaitExit(LIMIT).code()).isEqualTo(143);
            assertThat(server.output().lines((line) -> line.contains("Drain ANNOUNCED")))
                    .hasSize(1);
            assertOneGracefulReport(server);
        }
    }

    @Test
    void theManagementPortRespondsToTheEnd() throws IOException {
        int managementPort = Ports.free();
        try (SampleProcess server = this.target
                .sample()
                .with("--management.server.port=" + managementPort, ALLOW_PRESTOP)
                .with("--management.endpoints.web.exposure.include=*", "--sample.slow-endpoint=true")
                .with("--server.drain.announce.delay=40s", "--server.drain.announce.quiet-period=500ms")
                .with("--server.drain.timeout=60s")
                .start()) {
            RawClient management = server.managementClient();
            RawConnection upload = halfAnUpload(server);
            assertThat(Json.text(management.post(DRAIN), "$.trigger")).isEqualTo("ENDPOINT");
            assertAnnouncedNoLongerThanTrafficLasts(server);
            assertFinishing(management);
            assertThat(server.client().get("/hello").outcome()).isEqualTo(Outcome.REFUSED);
            // Longer than a loaded machine takes to report.
            RawConnection scrape = management.connect().request("GET", "/actuator/slow?ms=6000");
            ConcurrentClients<TimedResponse> scraping =
                    ConcurrentClients.start("scrape", 1, () -> TimedResponse.on(scrape));
            ConcurrentClients<RawResponse> waiting =
                    ConcurrentClients.start("waiting", 1, () -> management.post(DRAIN + "/wait"));
            ConcurrentClients<RawResponse> hooks =
                    ConcurrentClients.start("preStop", 2, () -> KubeletHook.call(management, PRESTOP));
            assertUploaded(upload);
            assertThat(Stream.of(waiting, hooks).flatMap((clients) -> clients.results(LIMIT).stream()))
                    .hasSize(3)
                    .allSatisfy((response) -> assertThat(response.summary()).startsWith("COMPLETE 200"));

            long reported = server.output()
                    .await((line) -> line.contains("Drain report:"), LIMIT)
                    .atNanos();
            TimedResponse scraped = scraping.results(LIMIT).get(0);
            assertThat(scraped.summary()).startsWith("COMPLETE 200");
            assertThat(scraped.atNanos() - reported)
                    .as("waited for by the drain")
                    .isPositive();
            // The log has it a moment before the callers.
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() ->
                            Json.text(management.get(DRAIN), "$.report.outcome").equals("GRACEFUL"));
            assertThat(management.get("/actuator/health/readiness").outcome()).isEqualTo(Outcome.UNAVAILABLE_503);
            RawConnection last = management.connect().request("GET", "/actuator/slow?ms=2000");
            Backlog.awaitEmpty(managementPort, LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(500));
            long signal = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("signal after the drain, with a scrape of 2000 ms: gone after %d ms"
                    .formatted(exit.since(signal).toMillis()));
            assertThat(last.read().summary()).startsWith("COMPLETE 200");
            assertThat(exit.since(signal)).isLessThan(Duration.ofSeconds(2).plus(DrainVerdict.SLACK));
            assertOneGracefulReport(server);
        }
    }

    /** What the management port serves is no traffic. */
    private static void assertAnnouncedNoLongerThanTrafficLasts(SampleProcess server) {
        long announced = server.output()
                .await((line) -> line.contains("Drain ANNOUNCED"), LIMIT)
                .atNanos();
        long finishing = server.output()
                .await((line) -> line.contains("Drain FINISHING"), LIMIT)
                .atNanos();
        assertThat(Duration.ofNanos(finishing - announced)).isLessThan(Duration.ofSeconds(30));
    }

    private static void assertFinishing(RawClient management) {
        RawResponse status = management.get(DRAIN);
        assertThat(Json.text(status, "$.phase")).isEqualTo("FINISHING");
        assertThat(Json.texts(status, "$.listeners[*].open")).containsExactly("false");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(Json.text(management.get(DRAIN), "$.connections.IN_SERVICE"))
                        .isEqualTo("1"));
        assertThat(management.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(management.delete(DRAIN).status()).as("too late").isEqualTo(409);
    }

    /** A request that is in service until its other half is sent. */
    private static RawConnection halfAnUpload(SampleProcess server) throws IOException {
        RawConnection connection =
                server.client().connect().head("POST", "/upload", 10).body(5);
        Backlog.awaitEmpty(server.port(), LIMIT);
        return connection;
    }

    private static void assertUploaded(RawConnection connection) {
        RawResponse response = connection.body(5).read();
        assertThat(response.summary()).startsWith("COMPLETE 200").endsWith("EOF, Connection: close");
        assertThat(response.text()).isEqualTo("10");
    }

    @Test
    void readOnlyAccessShowsAndChangesNothing() {
        try (SampleProcess server = this.target
                .sample()
                .with("--management.endpoint.drain.access=read-only", ALLOW_PRESTOP)
                .start()) {
            RawClient client = server.client();
            assertThat(client.post(DRAIN).status()).isEqualTo(405);
            assertThat(client.delete(DRAIN).status()).isEqualTo(405);
            assertThat(client.post(DRAIN + "/wait").status()).isIn(404, 405);
            RawResponse refused = KubeletHook.call(client, PRESTOP);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(Json.text(refused, "$.reason")).contains("management.endpoint.drain.access=unrestricted");
            assertWarned(server, "was refused");
            assertRunning(KubeletHook.call(client, DRAIN));
            if (this.target.variant().container().knowsItsCallers()) {
                assertWarned(server, "only shows where the drain stands");
            }
            assertThat(KubeletHook.call(client, DRAIN + "/wait").status()).isEqualTo(404);
            assertWarned(server, "'wait' does nothing");
            assertRunning(client.get(DRAIN));
        }
    }

    /** A kubelet takes every status code for success, so the log is the only place that shows it. */
    private static void assertWarned(SampleProcess server, String what) {
        String line = server.output()
                .await((candidate) -> candidate.contains(what), LIMIT)
                .text();
        assertThat(line).contains("WARN", "Nothing was drained", "management.endpoint.drain.access=unrestricted");
    }

    private static void assertOneGracefulReport(SampleProcess server) {
        assertThat(server.output().lines((line) -> line.contains("Drain report:")))
                .singleElement()
                .asString()
                .contains("graceful");
    }
}

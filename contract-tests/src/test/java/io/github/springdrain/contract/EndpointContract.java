package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The actuator endpoint, over HTTP. */
abstract class EndpointContract {

    private static final String DRAIN = "/actuator/drain";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Target target;

    EndpointContract(Target target) {
        this.target = target;
    }

    @Test
    void startsShowsAndTakesBack() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with("--server.drain.announce.delay=50s", "--server.drain.timeout=60s")
                .start()) {
            RawClient client = server.client();
            assertRunning(client.get(DRAIN));
            assertThat(client.delete(DRAIN).status()).as("nothing to take back").isEqualTo(409);

            RawAnswer started = client.post(DRAIN);
            assertThat(Json.text(started, "$.phase")).isEqualTo("ANNOUNCED");
            assertThat(Json.text(started, "$.trigger")).isEqualTo("ENDPOINT");
            RawAnswer joined = client.post(DRAIN);
            assertThat(Json.text(joined, "$.startedAt")).isEqualTo(Json.text(started, "$.startedAt"));
            assertThat(Json.text(client.get(DRAIN), "$.deadline")).isEqualTo(Json.text(started, "$.deadline"));
            assertThat(Json.text(client.get(DRAIN), "$.remaining")).startsWith("PT");
            assertThat(client.get("/actuator/health/readiness").outcome()).isEqualTo(Outcome.UNAVAILABLE_503);
            assertThat(closesAfterHello(client)).isTrue();

            assertThat(Json.text(client.delete(DRAIN), "$.phase")).isEqualTo("RUNNING");
            assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(closesAfterHello(client)).isFalse();
            assertThat(Json.text(client.post(DRAIN), "$.phase")).as("again").isEqualTo("ANNOUNCED");
        }
    }

    private void assertRunning(RawAnswer status) {
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
            RawAnswer answer = connection.request("GET", "/hello").readAnswer();
            assertThat(answer.summary()).startsWith("COMPLETE 200");
            return answer.isConnectionClose();
        }
    }

    @Test
    void aSignalJoinsTheDrainAndThoseWhoWaitAreAnswered() throws IOException {
        try (SampleProcess server = this.target.sample().start()) {
            RawConnection slow = server.client().connect().request("GET", "/slow?ms=2000");
            RawConnection first = server.client().connect();
            RawConnection second = server.client().connect();
            Backlog.awaitEmpty(server.port(), LIMIT);
            first.write("POST /actuator/drain/wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            second.write("POST /actuator/drain/wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            server.output().await((line) -> line.contains("Drain FINISHING"), LIMIT);
            server.terminate();

            RawAnswer waited = first.read();
            assertThat(waited.summary()).startsWith("COMPLETE 200").contains("EOF, Connection: close");
            assertThat(Json.text(waited, "$.trigger")).isEqualTo("ENDPOINT");
            assertThat(second.read().summary()).startsWith("COMPLETE 200").contains("EOF, Connection: close");
            assertThat(slow.read().summary()).startsWith("COMPLETE 200");
            assertThat(server.awaitExit(LIMIT).code()).isEqualTo(143);
            assertOneGracefulReport(server);
        }
    }

    @Test
    void theManagementPortAnswersToTheEnd() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with("--management.server.port=" + Ports.free())
                .start()) {
            RawClient management = server.managementClient();
            RawConnection slow = server.client().connect().request("GET", "/slow?ms=2500");
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(200));
            assertThat(Json.text(management.post(DRAIN), "$.trigger")).isEqualTo("ENDPOINT");
            server.output().await((line) -> line.contains("Drain FINISHING"), LIMIT);

            RawAnswer status = management.get(DRAIN);
            assertThat(Json.text(status, "$.phase")).isEqualTo("FINISHING");
            assertThat(Json.texts(status, "$.listeners[*].open")).containsExactly("false");
            assertThat(Json.text(status, "$.connections.IN_SERVICE")).isEqualTo("1");
            assertThat(server.client().get("/hello").outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(management.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(management.delete(DRAIN).status()).as("too late").isEqualTo(409);

            assertThat(management.post(DRAIN + "/wait").summary()).startsWith("COMPLETE 200");
            assertThat(slow.read().summary()).startsWith("COMPLETE 200");
            server.output().await((line) -> line.contains("Drain report:"), LIMIT);
            assertThat(Json.text(management.get(DRAIN), "$.report.outcome")).isEqualTo("GRACEFUL");
            assertThat(management.get("/actuator/health/readiness").outcome()).isEqualTo(Outcome.UNAVAILABLE_503);

            long signal = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("signal after the drain: gone after %d ms"
                    .formatted(exit.since(signal).toMillis()));
            assertThat(exit.since(signal)).isLessThan(Duration.ofSeconds(8));
            assertOneGracefulReport(server);
        }
    }

    @Test
    void readOnlyAccessShowsAndChangesNothing() {
        try (SampleProcess server = this.target
                .sample()
                .with("--management.endpoint.drain.access=read-only")
                .start()) {
            RawClient client = server.client();
            assertThat(client.post(DRAIN).status()).isEqualTo(405);
            assertThat(client.delete(DRAIN).status()).isEqualTo(405);
            assertThat(client.post(DRAIN + "/wait").status()).isIn(404, 405);
            assertThat(client.get(DRAIN + "/prestop").status()).isIn(403, 404, 405);
            assertRunning(client.get(DRAIN));
        }
    }

    private static void assertOneGracefulReport(SampleProcess server) {
        assertThat(server.output().lines((line) -> line.contains("Drain report:")))
                .singleElement()
                .asString()
                .contains("graceful");
    }
}

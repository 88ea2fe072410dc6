// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.testing.RecordingServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

class DrainEndpointTests {

    private final RecordingServer server = new RecordingServer();

    private final DrainEngine drain = new DrainEngine(settings(Duration.ofSeconds(20)));

    private final DrainEndpoint endpoint = new DrainEndpoint(this.drain);

    private final DrainEndpointWebExtension web = extension(this.endpoint);

    @Test
    void showsWhereTheDrainStandsAndChangesNothing() {
        this.drain.attach(this.server);
        this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        JsonNode status = json(this.endpoint.status());
        assertThat(status.get("phase").asText()).isEqualTo("RUNNING");
        assertThat(status.get("server").asText()).isEqualTo("Recording");
        assertThat(status.at("/listeners/0/port").asInt()).isEqualTo(8080);
        assertThat(status.at("/connections/IN_SERVICE").asInt()).isEqualTo(1);
        assertThat(status.get("trigger").isNull()).isTrue();
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
        assertThat(this.server.story()).isEmpty();
    }

    @Test
    void startsAndRespondsAtOnce() {
        this.drain.attach(this.server);
        WebEndpointResponse<OperationResponseBody> response = this.web.start();
        assertThat(response.getStatus()).isEqualTo(200);
        JsonNode status = json(response.getBody());
        assertThat(status.get("phase").asText()).isEqualTo("ANNOUNCED");
        assertThat(status.get("trigger").asText()).isEqualTo("ENDPOINT");
        assertThat(status.get("deadline").asText()).endsWith("Z");
        assertThat(Duration.parse(status.get("remaining").asText()))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(25));
        this.drain.resume();
    }

    @Test
    void joinsTheDrainUnderWay() {
        this.drain.attach(this.server);
        String first = json(this.web.start().getBody()).get("startedAt").asText();
        assertThat(json(this.web.start().getBody()).get("startedAt").asText()).isEqualTo(first);
        this.drain.resume();
    }

    @Test
    void respondsToTheWaitWhenEveryRequestHasItsResponse() {
        DrainEngine prompt = new DrainEngine(settings(Duration.ZERO));
        prompt.attach(this.server);
        ConnectionSnapshot slow = this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        ConnectionSnapshot stream = this.server.open(ConnectionState.RESPONDING, "GET", "/sse");
        DrainEndpointWebExtension extension = extension(new DrainEndpoint(prompt));
        CompletableFuture<WebEndpointResponse<OperationResponseBody>> response =
                CompletableFuture.supplyAsync(() -> extension.startAnd("wait"));
        await().atMost(Duration.ofSeconds(30)).until(() -> prompt.phase() == DrainPhase.FINISHING);
        assertThat(response).isNotDone();
        this.server.close(slow);
        assertThat(response)
                .succeedsWithin(20, TimeUnit.SECONDS)
                .satisfies((waited) ->
                        assertThat(json(waited.getBody()).get("phase").asText()).isEqualTo("FINISHING"));
        this.server.close(stream);
    }

    @Test
    void refusesAnActionThatDoesNotExist() {
        this.drain.attach(this.server);
        WebEndpointResponse<OperationResponseBody> response = this.web.startAnd("hurry");
        assertThat(response.getStatus()).isEqualTo(404);
        assertThat(json(response.getBody()).get("reason").asText()).contains("'hurry'", "expected: wait");
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
    }

    @Test
    void refusesToStartWithoutAServer() {
        assertThat(this.web.start().getStatus()).isEqualTo(409);
        assertThat(json(this.web.startAnd("wait").getBody()).get("reason").asText())
                .startsWith("There is no server to drain");
        assertThatIllegalStateException()
                .isThrownBy(this.endpoint::start)
                .withMessageStartingWith("There is no server to drain");
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
    }

    @Test
    void takesTheDrainBackWhileThatIsLegal() {
        this.drain.attach(this.server);
        this.web.start();
        WebEndpointResponse<OperationResponseBody> response = this.web.resume();
        assertThat(response.getStatus()).isEqualTo(200);
        assertThat(json(response.getBody()).get("phase").asText()).isEqualTo("RUNNING");
        assertThat(this.server.story()).contains("resume");
    }

    @Test
    void refusesToResumeWithoutADrain() {
        WebEndpointResponse<OperationResponseBody> response = this.web.resume();
        assertThat(response.getStatus()).isEqualTo(409);
        assertThat(json(response.getBody()).get("reason").asText()).isEqualTo("No drain is under way");
    }

    @Test
    void refusesToResumeADrainThatHasGoneTooFar() {
        DrainEngine prompt = new DrainEngine(settings(Duration.ZERO));
        prompt.attach(this.server);
        DrainEndpointWebExtension extension = extension(new DrainEndpoint(prompt));
        extension.startAnd("wait");
        WebEndpointResponse<OperationResponseBody> response = extension.resume();
        assertThat(response.getStatus()).isEqualTo(409);
        assertThat(json(response.getBody()).get("reason").asText())
                .matches("A drain can be resumed only in ANNOUNCED, this one is in (FINISHING|DRAINED)");
    }

    @Test
    void showsTheReportOnceTheDrainIsOver() {
        DrainEngine hasty = new DrainEngine(new DrainSettings(
                Duration.ofSeconds(1),
                settings(Duration.ZERO).announce(),
                DrainSettings.DEFAULTS.acceptQueue(),
                DrainSettings.DEFAULTS.connections()));
        hasty.attach(this.server);
        this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        DrainEndpoint hastyEndpoint = new DrainEndpoint(hasty);
        hastyEndpoint.start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> hastyEndpoint.status().report() != null);
        JsonNode report = json(hastyEndpoint.status()).get("report");
        assertThat(report.get("outcome").asText()).isEqualTo("FORCED");
        assertThat(report.at("/acceptQueue/rescued").asInt()).isEqualTo(2);
        assertThat(report.at("/aborted/0/state").asText()).isEqualTo("IN_SERVICE");
        assertThat(report.at("/aborted/0/requests/0/path").asText()).isEqualTo("/slow");
        assertThat(report.at("/aborted/0/requests/0/age").asText()).isEqualTo("PT3S");
        assertThat(Duration.parse(report.at("/phases/FINISHING").asText())).isPositive();
    }

    @Test
    void waitsOverJmxByTheSameRules() {
        DrainEngine prompt = new DrainEngine(settings(Duration.ZERO));
        prompt.attach(this.server);
        DrainDescriptor status = new DrainEndpointJmxExtension(new DrainEndpoint(prompt)).startAndWait();
        assertThat(status.phase()).isIn("FINISHING", "DRAINED");
        assertThat(this.server.story()).contains("closeListeners");
    }

    private static DrainEndpointWebExtension extension(DrainEndpoint endpoint) {
        return new DrainEndpointWebExtension(endpoint, new PreStopHook(false, false, () -> "curl/8"));
    }

    private static DrainSettings settings(Duration delay) {
        DrainSettings defaults = DrainSettings.DEFAULTS;
        return new DrainSettings(
                defaults.timeout(),
                new DrainSettings.Announce(
                        delay, Duration.ZERO, Duration.ZERO, defaults.announce().connectionClose()),
                defaults.acceptQueue(),
                defaults.connections());
    }

    /** By a mapper without a module: whatever writes the response needs nothing of its own. */
    private static JsonNode json(Object body) {
        return new ObjectMapper().valueToTree(body);
    }
}

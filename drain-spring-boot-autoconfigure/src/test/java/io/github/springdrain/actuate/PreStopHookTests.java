// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.testing.LogLines;
import io.github.springdrain.testing.RecordingServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

class PreStopHookTests {

    private static final String KUBELET = "kube-lifecycle/1.34";

    private final LogLines lines = new LogLines(PreStopHook.class);

    private final RecordingServer server = new RecordingServer();

    private final DrainEngine drain = new DrainEngine(DrainSettings.DEFAULTS);

    @AfterEach
    void stopListening() {
        this.lines.close();
    }

    @Test
    void blocksUntilEveryRequestHasItsResponse() {
        ConnectionSnapshot slow = this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        DrainEndpointWebExtension endpoint = endpoint(true, true, KUBELET);
        CompletableFuture<WebEndpointResponse<OperationResponseBody>> first =
                CompletableFuture.supplyAsync(() -> endpoint.read("prestop"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.drain.phase() == DrainPhase.FINISHING);
        assertThat(first).isNotDone();
        this.server.close(slow);
        assertThat(first)
                .succeedsWithin(20, TimeUnit.SECONDS)
                .satisfies((response) -> assertThat(response.getStatus()).isEqualTo(200));
        assertThat(this.drain.status().trigger()).isEqualTo(DrainTrigger.PRESTOP);
        assertThat(this.lines.warn()).isEmpty();
    }

    @Test
    void maySafelyBeDeliveredTwice() {
        DrainEndpointWebExtension endpoint = endpoint(true, true, KUBELET);
        endpoint.read("prestop");
        var startedAt = this.drain.status().startedAt();
        assertThat(endpoint.read("prestop").getStatus()).isEqualTo(200);
        assertThat(this.drain.status().startedAt()).isEqualTo(startedAt);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            false | true  | server.drain.prestop.http-get=true
            true  | false | management.endpoint.drain.access=unrestricted
            false | false | server.drain.prestop.http-get=true and management.endpoint.drain.access=unrestricted
            """)
    void isRefusedWithWhatIsMissing(boolean httpGet, boolean unrestricted, String missing) {
        WebEndpointResponse<OperationResponseBody> response =
                endpoint(httpGet, unrestricted, "curl/8").read("prestop");
        assertThat(response.getStatus()).isEqualTo(403);
        assertThat(((Refusal) response.getBody()).reason()).endsWith(missing);
        assertThat(this.lines.warn()).last().asString().contains("was refused").endsWith(missing);
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
    }

    @Test
    void saysAtTheStartThatTheOptInNeedsAccess() {
        endpoint(true, false, KUBELET);
        assertThat(this.lines.warn())
                .singleElement()
                .asString()
                .endsWith("management.endpoint.drain.access=unrestricted");
    }

    @Test
    void isWarnedThatTheStatusDrainsNothing() {
        endpoint(true, true, KUBELET).status();
        assertThat(this.lines.warn())
                .singleElement()
                .asString()
                .contains("only shows")
                .endsWith("'drain/prestop'");
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
    }

    @Test
    void isWarnedOfEverythingThatIsMissing() {
        endpoint(false, false, KUBELET).status();
        assertThat(this.lines.warn())
                .singleElement()
                .asString()
                .endsWith("end in 'drain/prestop' and set server.drain.prestop.http-get=true and"
                        + " management.endpoint.drain.access=unrestricted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl/8", "kube-probe/1.34", "Prometheus/3"})
    void othersMayReadTheStatusWithoutAWarning(String userAgent) {
        endpoint(false, false, userAgent).status();
        endpoint(false, false, null).status();
        assertThat(this.lines.warn()).isEmpty();
    }

    @Test
    void isWarnedOfAWrongPath() {
        WebEndpointResponse<OperationResponseBody> response =
                endpoint(true, true, KUBELET).read("wait", "now");
        assertThat(response.getStatus()).isEqualTo(404);
        assertThat(((Refusal) response.getBody()).reason()).contains("'wait/now'", "expected: prestop");
        assertThat(this.lines.warn()).singleElement().asString().contains("'wait/now' does nothing");
    }

    @Test
    void isWarnedOfAWrongPathWhereItsNameIsNotKnown() {
        endpoint(true, true, null).read("wait");
        assertThat(this.lines.warn()).hasSize(1);
        endpoint(true, true, "curl/8").read("wait");
        assertThat(this.lines.warn()).hasSize(1);
    }

    @Test
    void keepsAPathFromForgingALineOrFillingTheLog() {
        endpoint(true, true, KUBELET).read("a\r\nINFO forged", "b".repeat(10_000));
        assertThat(this.lines.warn())
                .singleElement()
                .asString()
                .doesNotContain("\n")
                .hasSizeLessThan(500);
    }

    private DrainEndpointWebExtension endpoint(boolean httpGet, boolean unrestricted, @Nullable String userAgent) {
        this.drain.attach(this.server);
        return new DrainEndpointWebExtension(
                new DrainEndpoint(this.drain), new PreStopHook(httpGet, unrestricted, () -> userAgent));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.actuate.DrainEndpoint;
import io.github.springdrain.actuate.DrainEndpointWebExtension;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.RecordingServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.jmx.ExposableJmxEndpoint;
import org.springframework.boot.actuate.endpoint.jmx.JmxEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.jmx.JmxOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.WebOperationRequestPredicate;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.WebApplicationContext;

class DrainActuatorAutoConfigurationTests {

    private static final String EXPOSED = "management.endpoints.web.exposure.include=drain";

    // Upper case: a runner has no conversion service of an application.
    private static final String UNRESTRICTED = "management.endpoint.drain.access=UNRESTRICTED";

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EndpointAutoConfiguration.class,
                    WebEndpointAutoConfiguration.class,
                    DrainAutoConfiguration.class,
                    DrainActuatorAutoConfiguration.class));

    @Test
    void isNotExposedByDefault() {
        this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DrainEndpoint.class));
    }

    @Test
    void isReadOnlyByDefault() {
        this.runner
                .withPropertyValues(EXPOSED)
                .run((context) ->
                        assertThat(operations(context)).containsExactlyInAnyOrder("GET drain", "GET drain/{*path}"));
    }

    @Test
    void startsAndResumesWithUnrestrictedAccess() {
        this.runner
                .withPropertyValues(EXPOSED, UNRESTRICTED)
                .run((context) -> assertThat(operations(context))
                        .containsExactlyInAnyOrder(
                                "GET drain", "GET drain/{*path}", "POST drain", "POST drain/{action}", "DELETE drain"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server.drain.prestop.http-get=false | management.endpoint.drain.access=UNRESTRICTED | 403
            server.drain.prestop.http-get=true  | management.endpoint.drain.access=READ_ONLY    | 403
            server.drain.prestop.http-get=true  | management.endpoint.drain.access=UNRESTRICTED | 409
            """)
    void letsAPreStopHookStartADrainOnlyWhereTheUserHasAllowedBoth(String optIn, String access, int status) {
        // 409: there is no server to drain in a mock web environment.
        this.runner
                .withPropertyValues(EXPOSED, optIn, access)
                .run((context) -> assertThat(context.getBean(DrainEndpointWebExtension.class)
                                .read("prestop")
                                .getStatus())
                        .isEqualTo(status));
    }

    @Test
    void heedsTheLimitOfEveryAccessForThePreStopHook() {
        this.runner
                .withPropertyValues(
                        EXPOSED,
                        UNRESTRICTED,
                        "server.drain.prestop.http-get=true",
                        "management.endpoints.access.max-permitted=READ_ONLY")
                .run((context) -> assertThat(context.getBean(DrainEndpointWebExtension.class)
                                .read("prestop")
                                .getStatus())
                        .isEqualTo(403));
    }

    /** What a bare {@code curl -X POST} needs. */
    @Test
    void asksForNoContentType() {
        this.runner
                .withPropertyValues(EXPOSED, UNRESTRICTED)
                .run((context) -> assertThat(webOperations(context))
                        .extracting(
                                (operation) -> operation.getRequestPredicate().getConsumes())
                        .allSatisfy((consumes) -> assertThat(consumes).isEmpty()));
    }

    @Test
    void namesItsOperationsOverJmx() {
        this.runner
                .withConfiguration(
                        AutoConfigurations.of(JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=drain", UNRESTRICTED)
                .run((context) -> assertThat(jmxEndpoint(context).getOperations())
                        .extracting(JmxOperation::getName)
                        .containsExactlyInAnyOrder("status", "start", "startAndWait", "resume"));
    }

    @Test
    void isNotThereWithoutADrain() {
        this.runner
                .withPropertyValues(EXPOSED, "server.drain.enabled=false")
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DrainEndpoint.class));
    }

    @Test
    void doesNotWaitForRequestsToTheActuator() {
        this.runner.withPropertyValues(EXPOSED).run((context) -> {
            assertThat(isWork(context, "/actuator/drain/wait")).isFalse();
            assertThat(isWork(context, "/hello")).isTrue();
        });
    }

    @Test
    void knowsTheActuatorBehindPathsOfTheApplication() {
        this.runner
                .withPropertyValues(
                        EXPOSED,
                        "spring.mvc.servlet.path=/app/",
                        "management.endpoints.web.base-path=/manage",
                        "management.endpoints.web.path-mapping.drain=leave")
                .withInitializer((context) -> contextPath((WebApplicationContext) context, "/shop"))
                .run((context) -> {
                    assertThat(isWork(context, "/shop/app/manage/leave/wait")).isFalse();
                    assertThat(isWork(context, "/actuator/drain")).isTrue();
                });
    }

    @Test
    void knowsThatTheActuatorIsOnAPortOfItsOwn() {
        this.runner
                .withPropertyValues(EXPOSED, "management.server.port=9090")
                .run((context) ->
                        assertThat(isWork(context, "/actuator/drain/wait")).isTrue());
    }

    private static void contextPath(WebApplicationContext context, String path) {
        ((MockServletContext) Objects.requireNonNull(context.getServletContext())).setContextPath(path);
    }

    /** Whether the drain takes such a request for work: it does not wait for it as it does for a control request. */
    private static boolean isWork(ApplicationContext context, String path) throws InterruptedException {
        RecordingServer server = new RecordingServer();
        DrainEngine drain = context.getBean(DrainEngine.class);
        drain.attach(server);
        server.open(ConnectionState.IN_SERVICE, "POST", path);
        boolean work = drain.awaitControlRequests(Duration.ZERO);
        server.stop();
        return work;
    }

    private static List<String> operations(ApplicationContext context) {
        return webOperations(context).stream()
                .map(WebOperation::getRequestPredicate)
                .map(DrainActuatorAutoConfigurationTests::describe)
                .toList();
    }

    private static String describe(WebOperationRequestPredicate predicate) {
        return predicate.getHttpMethod() + " " + predicate.getPath();
    }

    private static List<WebOperation> webOperations(ApplicationContext context) {
        return context.getBean(WebEndpointsSupplier.class).getEndpoints().stream()
                .flatMap((endpoint) -> endpoint.getOperations().stream())
                .toList();
    }

    private static ExposableJmxEndpoint jmxEndpoint(ApplicationContext context) {
        return context.getBean(JmxEndpointsSupplier.class)
                .getEndpoints()
                .iterator()
                .next();
    }
}

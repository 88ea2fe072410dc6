// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.DrainTrigger;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.RequestArrivals;
import io.github.springdrain.spring.web.reactive.ArrivalsWebFilter;
import io.github.springdrain.spring.web.servlet.ArrivalsFilter;
import io.github.springdrain.testing.RecordingServer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;

class DrainArrivalsAutoConfigurationTests {

    private static final AutoConfigurations CONFIGURATIONS =
            AutoConfigurations.of(DrainAutoConfiguration.class, DrainArrivalsAutoConfiguration.class);

    private static final String[] QUIET = {
        "server.drain.announce.delay=50s", "server.drain.announce.quiet-period=40s", "server.drain.timeout=100s",
    };

    private final WebApplicationContextRunner servlets =
            new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

    private final ReactiveWebApplicationContextRunner reactive = new ReactiveWebApplicationContextRunner()
            .withConfiguration(CONFIGURATIONS)
            .withBean(WebHttpHandlerBuilder.WEB_HANDLER_BEAN_NAME, WebHandler.class, () -> (exchange) -> Mono.empty());

    @Test
    void putsNothingOnTheWayOfRequestsWhereNobodyAsks() {
        this.servlets.run((context) -> assertThat(context).doesNotHaveBean(ArrivalsFilter.class));
        this.reactive.run((context) -> assertThat(context).doesNotHaveBean(ArrivalsWebFilter.class));
    }

    @Test
    void countsRequestsOfServletsFromTheAnnouncementOn() {
        this.servlets.withPropertyValues(QUIET).run((context) -> {
            ArrivalsFilter filter = context.getBean(ArrivalsFilter.class);
            request(filter, "/before");
            RequestArrivals arrivals = announce(context);
            request(filter, "/hello");
            request(filter, "/actuator/health");
            assertThat(arrivals.work()).isEqualTo(1);
            assertThat(arrivals.others()).isEqualTo(1);
            end(context);
        });
    }

    private static void request(ArrivalsFilter filter, String path) throws Exception {
        MockFilterChain chain = new MockFilterChain();
        filter.doFilter(new MockHttpServletRequest("GET", path), new MockHttpServletResponse(), chain);
        assertThat(chain.getRequest()).isNotNull();
    }

    @Test
    void countsRequestsOfWebFluxButNotThoseOfAManagementServer() {
        this.reactive.withPropertyValues(QUIET).run((context) -> {
            ApplicationContext application = context.getSourceApplicationContext();
            request(application, "/before");
            RequestArrivals arrivals = announce(context);
            request(application, "/hello");
            request(application, "/actuator/health");
            try (GenericApplicationContext management = new GenericApplicationContext(application)) {
                management.registerBean(
                        WebHttpHandlerBuilder.WEB_HANDLER_BEAN_NAME,
                        WebHandler.class,
                        () -> (exchange) -> Mono.empty());
                management.refresh();
                request(management, "/hello");
            }
            assertThat(arrivals.work()).isEqualTo(1);
            assertThat(arrivals.others()).isEqualTo(1);
            end(context);
        });
    }

    private static void request(ApplicationContext context, String path) {
        WebHttpHandlerBuilder.applicationContext(context)
                .build()
                .handle(MockServerHttpRequest.get(path).build(), new MockServerHttpResponse())
                .block();
    }

    /** Otherwise the announcement would hold up the end of the context. */
    private static void end(ApplicationContext context) {
        context.getBean(DrainEngine.class).start(DrainTrigger.ENDPOINT).force();
    }

    private static RequestArrivals announce(ApplicationContext context) {
        DrainEngine drain = context.getBean(DrainEngine.class);
        drain.attach(new RecordingServer());
        drain.workIs((request) -> !request.path().startsWith("/actuator"));
        drain.start(DrainTrigger.ENDPOINT);
        await().until(drain.arrivals()::isCounting);
        return drain.arrivals();
    }
}

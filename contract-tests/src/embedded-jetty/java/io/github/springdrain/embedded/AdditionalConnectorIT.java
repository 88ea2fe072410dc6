// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import io.github.springdrain.contract.TlsMaterial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** A connector that the application adds to Jetty works as it does without the starter, and is drained as the main one. */
@Timeout(120)
class AdditionalConnectorIT {

    /** Jetty's shutdown of a connector gives each connection a second. */
    private static final Duration PAUSE = Duration.ofMillis(2500);

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static ConfigurableApplicationContext start(boolean first, boolean tls, boolean drain) {
        List<String> arguments = new ArrayList<>(TlsMaterial.serverArguments());
        arguments.addAll(List.of(
                "--server.port=0",
                "--additional.tls=" + tls,
                "--server.drain.enabled=" + drain,
                "--spring.main.banner-mode=off"));
        return new SpringApplicationBuilder(first ? AddingFirst.class : AddingLast.class)
                .web(WebApplicationType.SERVLET)
                .run(arguments.toArray(String[]::new));
    }

    private static RawClient client(AdditionalConnector additional) {
        int port = additional.connector().getLocalPort();
        return (additional.isSecured() ? RawClient.tls("localhost", port) : RawClient.plain("localhost", port))
                .withPatience(LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void isTheOneThatTheApplicationHolds(boolean first, boolean tls) {
        try (ConfigurableApplicationContext context = start(first, tls, true)) {
            AdditionalConnector additional = context.getBean(AdditionalConnector.class);
            assertThat(additional.connector().isStarted()).isTrue();
            assertThat(additional.connector().getLocalPort()).isPositive();
            assertThat(additional.connector().getServer().getConnectors()).contains(additional.connector());
            assertThat(client(additional).get("/").summary()).startsWith("COMPLETE 200");
            assertThat(additional.statistics().getConnectionsTotal()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void servesAnUploadThatPauses(boolean first, boolean tls) throws Exception {
        assertThat(upload(first, tls, true).summary()).startsWith("COMPLETE 200");
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true"})
    void losesItWithoutTheDrain(boolean first, boolean tls) throws Exception {
        assertThat(upload(first, tls, false).summary()).doesNotStartWith("COMPLETE 200");
    }

    private RawResponse upload(boolean first, boolean tls, boolean drain) throws Exception {
        ConfigurableApplicationContext context = start(first, tls, drain);
        try (RawConnection connection =
                client(context.getBean(AdditionalConnector.class)).connect()) {
            connection.head("POST", "/upload", 2000).body(1000);
            ConcurrentClients<Boolean> closing = ConcurrentClients.start("closing", 1, () -> {
                context.close();
                return true;
            });
            Moment.await(System.nanoTime(), PAUSE);
            RawResponse response = connection.body(1000).read();
            closing.results(LIMIT);
            return response;
        } finally {
            context.close();
        }
    }

    @EnableAutoConfiguration
    static class Application {

        @Bean
        static AdditionalConnector additionalConnector(Environment environment) {
            return new AdditionalConnector(environment);
        }

        @Bean
        static RouterFunction<ServerResponse> upload() {
            return AdditionalConnector.upload();
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import(Application.class)
    static class AddingFirst {

        @Bean
        static WebServerFactoryCustomizer<ConfigurableWebServerFactory> adding(AdditionalConnector additional) {
            return (factory) -> JettyFactory.customize(factory, additional::addTo);
        }
    }

    /** Behind every customizer of the factory. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import(Application.class)
    static class AddingLast {

        @Bean
        static BeanPostProcessor adding(ObjectProvider<AdditionalConnector> additional) {
            return new BeanPostProcessor() {

                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    JettyFactory.customize(
                            bean, (server) -> additional.getObject().addTo(server));
                    return bean;
                }
            };
        }
    }
}

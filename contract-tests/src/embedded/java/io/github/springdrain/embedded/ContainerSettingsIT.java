// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.KeptConnections;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** What the application has set on its container stays as it is with plain Spring Boot, and nothing is lost. */
@Timeout(180)
class ContainerSettingsIT {

    private static final int CONNECTIONS = 12;

    @Test
    void settingsAreThoseOfPlainSpringBootAndNothingIsLost() throws IOException {
        String plain = observe(false);
        assertThat(plain).contains(OwnFactory.EXPECTED).contains("encoding [gzip]");
        assertThat(observe(true)).isEqualTo(plain);
    }

    private static String observe(boolean drain) throws IOException {
        try (ConfigurableApplicationContext context = start(drain)) {
            // The type of the context has another package in each line of Spring Boot.
            Object server = new BeanWrapperImpl(context).getPropertyValue("webServer");
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            RawClient client = RawClient.plain("localhost", port);
            String observed = OwnFactory.settings((WebServer) server) + ", encoding " + encoding(client);
            if (drain) {
                KeptConnections kept = KeptConnections.start(client, CONNECTIONS);
                client.get("/hello");
                Closing.of(context);
                assertThat(kept.lost()).isZero();
            }
            return observed;
        }
    }

    private static String encoding(RawClient client) throws IOException {
        try (RawConnection connection = client.connect()) {
            return String.valueOf(connection
                    .write("GET /text HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")
                    .read()
                    .headers()
                    .get("Content-Encoding"));
        }
    }

    private static ConfigurableApplicationContext start(boolean drain) {
        return new SpringApplicationBuilder(Application.class)
                .web(OwnFactory.TYPE)
                .properties("server.port=0", "server.drain.enabled=" + drain)
                .properties("server.compression.enabled=true", "server.compression.min-response-size=1")
                .properties(OwnFactory.PROPERTIES.toArray(String[]::new))
                .run();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(VirtualThreadsApplication.Controller.class)
    static class Application {

        @Bean
        static OwnFactory ownFactory() {
            return new OwnFactory();
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        static WebServerFactoryCustomizer<OwnFactory> first() {
            return OwnFactory::customizeFirst;
        }

        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        static WebServerFactoryCustomizer<OwnFactory> last() {
            return OwnFactory::customizeLast;
        }
    }
}

package io.github.springdrain.embedded;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

class AdditionalConnectorIT extends AdditionalConnectorContract {

    AdditionalConnectorIT() {
        super(AddingFirst.class, AddingLast.class);
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
        static WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> adding(AdditionalConnector additional) {
            return (factory) -> factory.addServerCustomizers(additional::addTo);
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
                    if (bean instanceof ConfigurableJettyWebServerFactory factory) {
                        factory.addServerCustomizers(
                                (server) -> additional.getObject().addTo(server));
                    }
                    return bean;
                }
            };
        }
    }
}

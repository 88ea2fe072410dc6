package io.github.springdrain.autoconfigure.boot3;

import io.github.springdrain.autoconfigure.UndertowDrainAutoConfiguration;
import io.github.springdrain.autoconfigure.UndertowDrainBinding;
import io.github.springdrain.server.undertow.UndertowServletThreads;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.api.DeploymentInfo;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowWebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/** Drains Undertow under Spring Boot 3.5, the last line that has it. */
@AutoConfiguration(after = UndertowDrainAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory")
@ConditionalOnBean(UndertowDrainBinding.class)
public final class Boot3UndertowDrainAutoConfiguration {

    @Bean
    WebServerFactoryCustomizer<ConfigurableUndertowWebServerFactory> drainUndertowCustomizer(
            UndertowDrainBinding binding) {
        return (factory) -> {
            // The age of a request that the deadline cuts.
            factory.addBuilderCustomizers(
                    (builder) -> builder.setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true));
            binding.bind(factory);
        };
    }

    @Bean
    ApplicationListener<WebServerInitializedEvent> drainUndertowStart(
            UndertowDrainBinding binding, ApplicationContext context) {
        return (event) -> {
            // A management server on its own port has a context of its own, and is not drained.
            if (event.getApplicationContext() == context && event.getWebServer() instanceof UndertowWebServer server) {
                binding.server().started(server.getUndertow());
            }
        };
    }

    /** Servlet applications are reached by connections that come in before the server has told of its start, too. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DeploymentInfo.class)
    static class Servlet {

        @Bean
        WebServerFactoryCustomizer<UndertowServletWebServerFactory> drainUndertowServletCustomizer(
                UndertowDrainBinding binding) {
            return (factory) -> factory.addDeploymentInfoCustomizers((deployment) -> deployment
                    .addInitialHandlerChainWrapper(binding.server()::inFrontOf)
                    .addThreadSetupAction(new UndertowServletThreads()));
        }
    }

    /** Reactive applications are reached in the same way through what they are decorated with. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass(HttpHandlerDecoratorFactory.class)
    static class Reactive {

        @Bean
        HttpHandlerDecoratorFactory drainUndertowReactiveDecorator(UndertowDrainBinding binding) {
            return (handler) -> (request, response) -> {
                if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerExchange exchange) {
                    binding.server().begin(exchange);
                }
                return handler.handle(request, response);
            };
        }
    }
}

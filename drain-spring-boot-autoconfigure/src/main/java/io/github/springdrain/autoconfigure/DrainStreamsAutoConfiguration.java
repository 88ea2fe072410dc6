// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.spring.StreamPolicy;
import io.github.springdrain.spring.web.reactive.StreamsHttpHandlers;
import io.github.springdrain.spring.web.servlet.CallableRequest;
import io.github.springdrain.spring.web.servlet.StreamsWiring;
import io.github.springdrain.spring.websocket.LateMessageBroker;
import io.github.springdrain.spring.websocket.SockJsSessions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import reactor.core.publisher.Flux;

/** Terminates open-ended streams, in applications that have Spring MVC or Spring WebFlux. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnDrain
public final class DrainStreamsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "drainStreamPolicy", search = SearchStrategy.CURRENT)
    StreamPolicy drainStreamPolicy(DrainProperties properties) {
        return properties.streams().policy();
    }

    /** Responses of Spring MVC. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(RequestMappingHandlerAdapter.class)
    static class MvcConfiguration {

        @Bean
        StreamsWiring drainStreamsWiring(
                DrainEngine drain,
                StreamPolicy policy,
                ObjectProvider<RequestMappingHandlerAdapter> adapters,
                ObjectProvider<RouterFunctionMapping> mappings) {
            return new StreamsWiring(drain.streams(), policy, adapters, mappings);
        }

        @Bean
        static CallableRequest drainCallableRequest() {
            return new CallableRequest();
        }
    }

    /** SockJS sessions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(SockJsHttpRequestHandler.class)
    static class SockJsConfiguration {

        @Bean
        SockJsSessions drainSockJsSessions(DrainEngine drain, ObjectProvider<AbstractUrlHandlerMapping> mappings) {
            return new SockJsSessions(drain, mappings);
        }
    }

    /** Sessions of Spring's message broker. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({AbstractBrokerMessageHandler.class, SubProtocolWebSocketHandler.class})
    static class MessagingConfiguration {

        @Bean
        static LateMessageBroker drainLateMessageBroker() {
            return new LateMessageBroker();
        }
    }

    /** Responses of Spring WebFlux. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass({HttpHandler.class, Flux.class})
    static class ReactiveConfiguration {

        @Bean
        static StreamsHttpHandlers drainStreamsHttpHandlers(
                ObjectProvider<DrainEngine> drain, ObjectProvider<StreamPolicy> policy) {
            SingletonSupplier<DrainEngine> found = SingletonSupplier.of(drain::getObject);
            return new StreamsHttpHandlers(
                    () -> found.obtain().streams(),
                    policy::getObject,
                    () -> found.obtain().server().isDrained());
        }
    }
}

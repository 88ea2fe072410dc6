// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot3;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import io.github.springdrain.autoconfigure.DrainServerAutoConfiguration;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.RawHttp;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.web.server.WebServerFactoryCustomizerBeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.reactive.HttpHandler;
import reactor.core.publisher.Mono;

/** Reactor Netty as Spring Boot 3.5 makes it, with what an application may have configured on it. */
@Timeout(120)
class Boot3NettyDrainTests {

    private static AnnotationConfigReactiveWebServerApplicationContext start(NettyReactiveWebServerFactory factory) {
        AnnotationConfigReactiveWebServerApplicationContext context =
                new AnnotationConfigReactiveWebServerApplicationContext();
        context.registerBean(NettyReactiveWebServerFactory.class, () -> factory);
        context.register(Application.class);
        TestPropertyValues.of("server.drain.connections.idle-grace=50ms").applyTo(context);
        context.refresh();
        return context;
    }

    private static NettyReactiveWebServerFactory factory() {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        return factory;
    }

    private static int port(AnnotationConfigReactiveWebServerApplicationContext context) {
        return context.getWebServer().getPort();
    }

    private static DrainReport drain(AnnotationConfigReactiveWebServerApplicationContext context) throws Exception {
        return context.getBean(DrainEngine.class)
                .start(DrainTrigger.ENDPOINT)
                .report()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private static List<Thread> keepAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter((thread) -> thread.getName().equals("drain-keep-alive"))
                .toList();
    }

    @Test
    void theJvmIsKeptRunningByADrainedApplicationUntilItsContextCloses() throws Exception {
        try (AnnotationConfigReactiveWebServerApplicationContext context = start(factory())) {
            int port = port(context);
            assertThat(drain(context).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RawHttp.connect(port));
            assertThat(keepAlive())
                    .singleElement()
                    .satisfies((thread) -> assertThat(thread.isDaemon()).isFalse());
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> keepAlive().isEmpty());
    }

    @Test
    void customizersOfTheApplicationsOwnAreKept() throws Exception {
        NettyReactiveWebServerFactory factory = factory();
        factory.addServerCustomizers((server) -> server.maxKeepAliveRequests(2));
        try (AnnotationConfigReactiveWebServerApplicationContext context = start(factory);
                Socket client = RawHttp.connect(port(context))) {
            send(client, get("/"));
            assertThat(readResponse(client)).doesNotContainIgnoringCase("Connection: close");
            send(client, get("/"));
            assertThat(readAll(client)).containsIgnoringCase("Connection: close");
            assertThat(drain(context).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        }
    }

    @Test
    void aStoppedAndStartedServerIsDrainedAgain() throws Exception {
        try (AnnotationConfigReactiveWebServerApplicationContext context = start(factory())) {
            context.stop();
            context.start();
            int port = port(context);
            try (Socket client = RawHttp.connect(port)) {
                send(client, get("/"));
                assertThat(readResponse(client)).doesNotContainIgnoringCase("Connection: close");
            }
            assertThat(drain(context).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RawHttp.connect(port));
        }
    }

    /** Both share the event loops of the JVM. */
    @Test
    void anotherContextIsServedWhileOneIsDrained() throws Exception {
        try (AnnotationConfigReactiveWebServerApplicationContext drained = start(factory());
                AnnotationConfigReactiveWebServerApplicationContext other = start(factory());
                Socket client = RawHttp.connect(port(other))) {
            assertThat(drain(drained).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            send(client, get("/"));
            assertThat(readResponse(client)).doesNotContainIgnoringCase("Connection: close");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({DrainAutoConfiguration.class, DrainServerAutoConfiguration.class, Boot3ServerAutoConfiguration.class})
    static class Application {

        @Bean
        static WebServerFactoryCustomizerBeanPostProcessor customizers() {
            return new WebServerFactoryCustomizerBeanPostProcessor();
        }

        @Bean
        HttpHandler httpHandler() {
            return (request, response) -> {
                response.getHeaders().setContentLength(2);
                byte[] ok = "ok".getBytes(StandardCharsets.ISO_8859_1);
                return response.writeWith(Mono.just(response.bufferFactory().wrap(ok)));
            };
        }
    }
}

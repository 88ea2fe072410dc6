// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import io.github.springdrain.autoconfigure.DrainServerAutoConfiguration;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.ConfigurableWebServerApplicationContext;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.undertow.UndertowReactiveWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowWebServer;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.web.server.WebServerFactoryCustomizerBeanPostProcessor;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;

/** Undertow as Spring Boot 3.5 makes it, with what an application may have configured on it. */
@Timeout(120)
class Boot3UndertowDrainTests {

    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static UndertowServletWebServerFactory factory() {
        UndertowServletWebServerFactory factory = new UndertowServletWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        return factory;
    }

    private static AnnotationConfigServletWebServerApplicationContext start(UndertowServletWebServerFactory factory) {
        AnnotationConfigServletWebServerApplicationContext context =
                new AnnotationConfigServletWebServerApplicationContext();
        context.registerBean(UndertowServletWebServerFactory.class, () -> factory);
        context.register(ServletApplication.class);
        refresh(context);
        return context;
    }

    private static void refresh(ConfigurableWebServerApplicationContext context) {
        TestPropertyValues.of("server.drain.connections.idle-grace=50ms").applyTo(context);
        context.refresh();
    }

    private static Undertow undertow(ConfigurableWebServerApplicationContext context) {
        return ((UndertowWebServer) context.getWebServer()).getUndertow();
    }

    private static List<Integer> ports(ConfigurableWebServerApplicationContext context) {
        List<Integer> ports = new ArrayList<>();
        undertow(context)
                .getListenerInfo()
                .forEach((listener) -> ports.add(((InetSocketAddress) listener.getAddress()).getPort()));
        return ports;
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String exchange(Socket socket) throws IOException {
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder response = new StringBuilder();
        while (!response.toString().endsWith("\r\n\r\nok")) {
            int next = socket.getInputStream().read();
            assertThat(next).as("end of stream after: %s", response).isNotNegative();
            response.append((char) next);
        }
        return response.toString();
    }

    private static DrainReport drain(ApplicationContext context) throws Exception {
        return context.getBean(Drain.class)
                .start(DrainTrigger.ENDPOINT)
                .report()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void everyListenerOfTheApplicationsOwnIsDrained() throws Exception {
        UndertowServletWebServerFactory factory = factory();
        factory.addBuilderCustomizers((builder) ->
                builder.addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress()));
        try (AnnotationConfigServletWebServerApplicationContext context = start(factory)) {
            List<Integer> ports = ports(context);
            assertThat(ports).hasSize(2);
            for (int port : ports) {
                try (Socket client = connect(port)) {
                    assertThat(exchange(client)).doesNotContain("Connection: close");
                }
            }
            assertThat(drain(context).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            ports.forEach(
                    (port) -> assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port)));
        }
    }

    @Test
    void threadsAndOptionsOfTheApplicationsOwnAreKept() throws Exception {
        UndertowServletWebServerFactory factory = factory();
        factory.setIoThreads(1);
        factory.setWorkerThreads(3);
        factory.addBuilderCustomizers((builder) -> builder.setServerOption(UndertowOptions.ALWAYS_SET_DATE, false)
                .setHandler((exchange) -> exchange.getResponseSender().send("overwritten by Boot")));
        try (AnnotationConfigServletWebServerApplicationContext context = start(factory)) {
            assertThat(undertow(context).getWorker().getIoThreadCount()).isEqualTo(1);
            assertThat(undertow(context).getWorker().getMXBean().getMaxWorkerPoolSize())
                    .isEqualTo(3);
            try (Socket client = connect(ports(context).get(0))) {
                assertThat(exchange(client)).doesNotContain("Date:");
            }
            assertThat(drain(context).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        }
    }

    @Test
    void theAccessLogHasTheRequestsThatTheDrainFinishes(@TempDir Path directory) throws Exception {
        UndertowServletWebServerFactory factory = factory();
        factory.setAccessLogEnabled(true);
        factory.setAccessLogDirectory(directory.toFile());
        factory.setAccessLogPattern("%r %s");
        try (AnnotationConfigServletWebServerApplicationContext context = start(factory);
                Socket client = connect(ports(context).get(0))) {
            exchange(client);
            Drain drain = context.getBean(Drain.class);
            assertThat(drain(context).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
            await().atMost(20, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(log(directory)).contains("GET / HTTP/1.1 200"));
        }
    }

    private static String log(Path directory) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void aStoppedAndStartedServerIsDrainedAgain() throws Exception {
        try (AnnotationConfigServletWebServerApplicationContext context = start(factory())) {
            context.stop();
            context.start();
            int port = ports(context).get(0);
            try (Socket client = connect(port)) {
                assertThat(exchange(client)).doesNotContain("Connection: close");
            }
            assertThat(drain(context).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        }
    }

    /** Spring reports the server's start a moment after it has begun to accept. */
    @Test
    void aReactiveApplicationsFirstConnectionHearsOfTheDrainToo() throws Exception {
        try (AnnotationConfigReactiveWebServerApplicationContext context =
                        new AnnotationConfigReactiveWebServerApplicationContext();
                EarlyClient early = new EarlyClient()) {
            context.registerBean(EarlyClient.class, () -> early);
            context.registerBean(UndertowReactiveWebServerFactory.class, Boot3UndertowDrainTests::reactiveFactory);
            context.register(ReactiveApplication.class);
            TestPropertyValues.of("server.drain.announce.delay=20s").applyTo(context);
            context.refresh();

            Drain drain = context.getBean(Drain.class);
            DrainHandle handle = drain.start(DrainTrigger.ENDPOINT);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> context.getBean(Drain.class).phase() == DrainPhase.ANNOUNCED);
            try (Socket later = connect(ports(context).get(0))) {
                // By the time that one has heard of it, the announcement holds for all.
                await().atMost(10, TimeUnit.SECONDS)
                        .untilAsserted(() ->
                                assertThat(announcedTo(ports(context).get(0))).isTrue());
                assertThat(later.isConnected()).isTrue();
            }
            assertThat(exchange(early.socket)).contains("Connection: close");
            handle.force();
        }
    }

    /** The client has its response, and never sends what it still owes. */
    @Test
    void aBodyThatAReactiveApplicationLeavesDoesNotHoldTheDrain() throws Exception {
        try (AnnotationConfigReactiveWebServerApplicationContext context =
                new AnnotationConfigReactiveWebServerApplicationContext()) {
            context.registerBean(UndertowReactiveWebServerFactory.class, Boot3UndertowDrainTests::reactiveFactory);
            context.register(ReactiveApplication.class);
            refresh(context);
            try (Socket client = connect(ports(context).get(0))) {
                client.getOutputStream()
                        .write("POST /elsewhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\nabcde"
                                .getBytes(StandardCharsets.ISO_8859_1));
                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .endsWith("ok");
            }
            assertThat(drain(context).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        }
    }

    private static boolean announcedTo(int port) throws IOException {
        try (Socket client = connect(port)) {
            return exchange(client).contains("Connection: close");
        }
    }

    private static UndertowReactiveWebServerFactory reactiveFactory() {
        UndertowReactiveWebServerFactory factory = new UndertowReactiveWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        return factory;
    }

    /** Connects as soon as the server accepts, and before the drain has heard of it. */
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static final class EarlyClient implements ApplicationListener<WebServerInitializedEvent>, AutoCloseable {

        private Socket socket = new Socket();

        @Override
        public void onApplicationEvent(WebServerInitializedEvent event) {
            try {
                this.socket = connect(event.getWebServer().getPort());
                exchange(this.socket);
            } catch (IOException ex) {
                throw new IllegalStateException(ex);
            }
        }

        @Override
        public void close() throws IOException {
            this.socket.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({DrainAutoConfiguration.class, DrainServerAutoConfiguration.class, Boot3ServerAutoConfiguration.class})
    static class ServletApplication {

        @Bean
        static WebServerFactoryCustomizerBeanPostProcessor customizers() {
            return new WebServerFactoryCustomizerBeanPostProcessor();
        }

        @Bean
        ServletRegistrationBean<HttpServlet> servlet() {
            return new ServletRegistrationBean<>(new OkServlet(), "/*");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({DrainAutoConfiguration.class, DrainServerAutoConfiguration.class, Boot3ServerAutoConfiguration.class})
    static class ReactiveApplication {

        @Bean
        static WebServerFactoryCustomizerBeanPostProcessor customizers() {
            return new WebServerFactoryCustomizerBeanPostProcessor();
        }

        @Bean
        WebHandler webHandler() {
            return (exchange) -> {
                exchange.getResponse().getHeaders().setContentLength(2);
                byte[] ok = "ok".getBytes(StandardCharsets.ISO_8859_1);
                Mono<DataBuffer> body =
                        Mono.just(exchange.getResponse().bufferFactory().wrap(ok));
                boolean elsewhere = exchange.getRequest().getURI().getPath().equals("/elsewhere");
                return exchange.getResponse().writeWith(elsewhere ? body.delayElement(Duration.ofMillis(1)) : body);
            };
        }

        @Bean
        HttpHandler httpHandler(ApplicationContext context) {
            return WebHttpHandlerBuilder.applicationContext(context).build();
        }
    }

    private static final class OkServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentLength(2);
            response.getOutputStream().print("ok");
        }
    }
}

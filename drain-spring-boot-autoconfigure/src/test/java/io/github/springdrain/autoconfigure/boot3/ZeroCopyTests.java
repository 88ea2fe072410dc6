// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import io.github.springdrain.autoconfigure.DrainServerAutoConfiguration;
import io.github.springdrain.autoconfigure.DrainStreamsAutoConfiguration;
import io.github.springdrain.testing.RawHttp;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.web.reactive.server.ReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizerBeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.http.server.HttpServer;

/** Files that Spring WebFlux sends over Reactor Netty. */
@Timeout(120)
class ZeroCopyTests {

    /** What is written to the socket, by class. */
    private static final List<String> written = new CopyOnWriteArrayList<>();

    ZeroCopyTests() {
        written.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void aFileIsSentWithoutACopyWithTheDrainAndWithout(String enabled) throws Exception {
        assertThat(file(factory(), true, "server.drain.enabled=" + enabled)).contains("FileRegion");
    }

    /** Nothing is wrapped there; the control above is the same without the library. */
    @Test
    void aFileIsSentWithoutACopyByAServerThatIsNotDrained() throws Exception {
        NettyReactiveWebServerFactory netty = factory();
        ReactiveWebServerFactory foreign = (handler) -> netty.getWebServer(handler);
        assertThat(file(foreign, false)).contains("FileRegion");
    }

    private static List<String> file(ReactiveWebServerFactory factory, boolean drained, String... properties)
            throws Exception {
        try (AnnotationConfigReactiveWebServerApplicationContext context =
                new AnnotationConfigReactiveWebServerApplicationContext()) {
            context.registerBean(ReactiveWebServerFactory.class, () -> factory);
            context.register(Application.class);
            TestPropertyValues.of(properties).applyTo(context);
            context.refresh();
            context.getBeanProvider(Drain.class)
                    .ifAvailable((drain) ->
                            assertThat(drain.status().server()).isEqualTo(drained ? "Reactor Netty" : "not supported"));
            try (Socket client = RawHttp.connect(context.getWebServer().getPort())) {
                RawHttp.send(client, RawHttp.get("/file"));
                assertThat(RawHttp.readResponse(client)).contains("200 OK");
            }
            return List.copyOf(written);
        }
    }

    private static NettyReactiveWebServerFactory factory() {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        factory.addServerCustomizers(ZeroCopyTests::watched);
        return factory;
    }

    private static HttpServer watched(HttpServer server) {
        return server.doOnConnection(
                (connection) -> connection.channel().pipeline().addFirst(new Watcher()));
    }

    private static final class Watcher extends ChannelOutboundHandlerAdapter {

        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            written.add(
                    (message instanceof FileRegion)
                            ? "FileRegion"
                            : message.getClass().getSimpleName());
            context.write(message, promise);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebFlux
    @Import({
        DrainAutoConfiguration.class,
        DrainStreamsAutoConfiguration.class,
        DrainServerAutoConfiguration.class,
        Boot3ServerAutoConfiguration.class
    })
    static class Application {

        @Bean
        static WebServerFactoryCustomizerBeanPostProcessor customizers() {
            return new WebServerFactoryCustomizerBeanPostProcessor();
        }

        @Bean
        HttpHandler httpHandler(ApplicationContext context) {
            return WebHttpHandlerBuilder.applicationContext(context).build();
        }

        @Bean
        RouterFunction<ServerResponse> routes() {
            Path file;
            try {
                file = Files.writeString(Files.createTempFile("drain", ".txt"), "ok");
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
            file.toFile().deleteOnExit();
            return RouterFunctions.route()
                    .GET("/file", (request) -> ServerResponse.ok().bodyValue(new FileSystemResource(file)))
                    .build();
        }
    }
}

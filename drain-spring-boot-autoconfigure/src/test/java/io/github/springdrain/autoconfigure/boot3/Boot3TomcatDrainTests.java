// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot3;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readHead;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.ListenerStatus;
import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import io.github.springdrain.autoconfigure.DrainServerAutoConfiguration;
import io.github.springdrain.autoconfigure.ServerBinding;
import io.github.springdrain.testing.RawHttp2;
import io.github.springdrain.testing.TestTls;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizerBeanPostProcessor;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/** Tomcat as Spring Boot 3.5 makes it, with connectors as applications add them. */
@Timeout(120)
class Boot3TomcatDrainTests {

    private static final String NIO = "org.apache.coyote.http11.Http11NioProtocol";

    private static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

    private static final String AJP = "org.apache.coyote.ajp.AjpNioProtocol";

    private static final int WAITING_CLIENTS = 4;

    private static final HoldingServlet SERVLET = new HoldingServlet();

    /** How an application adds a connector. */
    enum Way {
        NEW_CONNECTOR,
        BY_CLASS_NAME,
        BY_FIRST_CUSTOMIZER,
        BY_LAST_CUSTOMIZER,
        BY_CONTEXT_CUSTOMIZER,
        AS_MAIN_PROTOCOL_BY_LAST_CUSTOMIZER;

        /** Starts an application whose connector, the one under test, serves a connection at a time. */
        Application start(boolean drain) {
            Application application = new Application(drain);
            Connector connector = (this == NEW_CONNECTOR) ? new Connector() : new Connector(NIO);
            connector.setPort(0);
            limit(connector);
            application.connector = connector;
            switch (this) {
                case NEW_CONNECTOR, BY_CLASS_NAME -> application.factory.addAdditionalTomcatConnectors(connector);
                case BY_FIRST_CUSTOMIZER ->
                    application.customize(
                            Ordered.HIGHEST_PRECEDENCE, (factory) -> factory.addAdditionalTomcatConnectors(connector));
                case BY_LAST_CUSTOMIZER ->
                    application.customize(
                            Ordered.LOWEST_PRECEDENCE, (factory) -> factory.addAdditionalTomcatConnectors(connector));
                case BY_CONTEXT_CUSTOMIZER ->
                    application.customize(
                            Ordered.LOWEST_PRECEDENCE,
                            (factory) -> factory.addContextCustomizers((context) -> ((org.apache.catalina.Engine)
                                            context.getParent().getParent())
                                    .getService()
                                    .addConnector(connector)));
                case AS_MAIN_PROTOCOL_BY_LAST_CUSTOMIZER ->
                    application.customize(Ordered.LOWEST_PRECEDENCE, (factory) -> {
                        factory.setProtocol(NIO);
                        factory.addConnectorCustomizers(Way::limit, (main) -> application.connector = main);
                    });
                default -> throw new IllegalStateException(name());
            }
            application.refresh();
            return application;
        }

        private static void limit(Connector connector) {
            connector.setProperty("maxConnections", "1");
            connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatWaitsForAConnectorOfTheApplicationIsServed(Way way) throws Exception {
        List<String> responses = responsesAtShutdown(way, true);
        assertThat(responses)
                .hasSize(1 + WAITING_CLIENTS)
                .allSatisfy((response) -> assertThat(response)
                        .contains(" 200 ", "Connection: close")
                        .endsWith("ok"));
    }

    /** The control. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void whatWaitsForAConnectorOfTheApplicationIsLostWithoutADrain(Way way) throws Exception {
        List<String> responses = responsesAtShutdown(way, false);
        assertThat(responses).filteredOn((response) -> response.endsWith("ok")).hasSizeLessThanOrEqualTo(2);
    }

    /** One client is served and others wait in the accept queue when the context is closed. */
    private static List<String> responsesAtShutdown(Way way, boolean drain) throws Exception {
        List<Socket> clients = new ArrayList<>();
        List<String> responses = new ArrayList<>();
        try (Application application = way.start(drain)) {
            int port = application.connector.getLocalPort();
            clients.add(connect(port));
            send(clients.get(0), get("/hold"));
            SERVLET.awaitHeld();
            for (int i = 0; i < WAITING_CLIENTS; i++) {
                clients.add(connect(port));
                send(clients.get(i + 1), get("/"));
            }
            CompletableFuture<Void> closed = CompletableFuture.runAsync(application.context::close);
            await().atMost(20, TimeUnit.SECONDS).until(() -> application.isShuttingDown(drain));
            SERVLET.release();
            for (Socket client : clients) {
                responses.add(read(client));
            }
            closed.get(60, TimeUnit.SECONDS);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
        return responses;
    }

    private static String read(Socket client) {
        try {
            return readAll(client);
        } catch (IOException ex) {
            return ex.toString();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aConnectorOfTheApplicationIsGated(Way way) {
        try (Application application = way.start(true)) {
            assertThat(application.listeners())
                    .isNotEmpty()
                    .extracting(ListenerStatus::level)
                    .doesNotContain("UNMANAGED");
        }
    }

    @Test
    void referencesThatTheApplicationKeepsAreTheConnectorInUse() throws Exception {
        Application application = new Application(true);
        Connector connector = new Connector();
        AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
        application.factory.addAdditionalTomcatConnectors(connector);
        connector.setPort(0);
        protocol.setAddress(InetAddress.getLoopbackAddress());
        protocol.setMaxThreads(7);
        protocol.setAcceptCount(11);
        protocol.setServer("before");
        application.refresh();
        try (application;
                Socket client = connect(connector.getLocalPort())) {
            assertThat(connector.getProtocolHandler()).isSameAs(protocol);
            assertThat(protocol.getLocalPort()).isEqualTo(connector.getLocalPort());
            assertThat(protocol.getMaxThreads()).isEqualTo(7);
            assertThat(protocol.getAcceptCount()).isEqualTo(11);
            send(client, get("/"));
            assertThat(readResponse(client)).contains("Server: before");
            assertThat(protocol.getConnectionCount()).isEqualTo(2);
            protocol.setServer("after");
            protocol.setCompression("force");
            protocol.setCompressionMinSize(1);
            protocol.setMaxKeepAliveRequests(1);
            send(client, "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(readHead(client)).contains("Server: after", "Content-Encoding: gzip", "Connection: close");
        }
    }

    @Test
    void anHttpsConnectorOfTheApplicationIsDrainedBesideTheMainOne() throws Exception {
        Application application = new Application(true);
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        connector.setProperty("SSLEnabled", "true");
        connector.addUpgradeProtocol(new Http2Protocol());
        SSLHostConfig tls = new SSLHostConfig();
        SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.EC);
        certificate.setCertificateKeystore(TestTls.newKeyStore());
        certificate.setCertificateKeystorePassword(TestTls.PASSWORD);
        tls.addCertificate(certificate);
        connector.addSslHostConfig(tls);
        application.factory.addAdditionalTomcatConnectors(connector);
        application.refresh();
        try (application;
                Socket busy = TestTls.over(connect(connector.getLocalPort()))) {
            SSLSocket client = TestTls.over(connect(connector.getLocalPort()));
            SSLParameters parameters = client.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            client.setSSLParameters(parameters);
            RawHttp2 http2 = RawHttp2.inUse(client);
            assertThat(client.getApplicationProtocol()).isEqualTo("h2");
            send(busy, get("/hold"));
            SERVLET.awaitHeld();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(application.context::close);
            assertThat(http2.awaitLastStreams(1)).containsExactly(Integer.MAX_VALUE);
            await().atMost(20, TimeUnit.SECONDS).until(() -> application.isShuttingDown(true));
            SERVLET.release();
            assertThat(readAll(busy)).contains("Connection: close").endsWith("ok");
            closed.get(60, TimeUnit.SECONDS);
            client.close();
        }
    }

    @Test
    void aCertificateIsReloadedOnTheMainConnector() throws Exception {
        Application application = new Application(true);
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("tls", newBundle());
        application.factory.setSslBundles(bundles);
        application.factory.setSsl(Ssl.forBundle("tls"));
        application.factory.addConnectorCustomizers((main) -> application.connector = main);
        application.refresh();
        try (application) {
            Certificate before = certificate(application.connector.getLocalPort());
            bundles.updateBundle("tls", newBundle());
            assertThat(certificate(application.connector.getLocalPort())).isNotEqualTo(before);
        }
    }

    private static SslBundle newBundle() throws Exception {
        return SslBundle.of(SslStoreBundle.of(TestTls.newKeyStore(), TestTls.PASSWORD, null));
    }

    private static Certificate certificate(int port) throws IOException {
        try (SSLSocket client = TestTls.over(connect(port))) {
            client.startHandshake();
            return client.getSession().getPeerCertificates()[0];
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Ordered.HIGHEST_PRECEDENCE, Ordered.LOWEST_PRECEDENCE})
    void customizersOfTheApplicationWinInAnyOrder(int order) throws Exception {
        Application application = new Application(true);
        application.customize(
                order,
                (factory) -> factory.addConnectorCustomizers((main) -> {
                    application.connector = main;
                    AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) main.getProtocolHandler();
                    protocol.setMaxConnections(17);
                    protocol.setAcceptCount(23);
                    protocol.setMaxKeepAliveRequests(2);
                    protocol.setKeepAliveTimeout(12_345);
                    protocol.setMaxSwallowSize(-1);
                    protocol.setCompression("force");
                }));
        application.refresh();
        try (application;
                Socket client = connect(application.connector.getLocalPort())) {
            AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) application.connector.getProtocolHandler();
            assertThat(List.of(
                            protocol.getMaxConnections(),
                            protocol.getAcceptCount(),
                            protocol.getMaxKeepAliveRequests(),
                            protocol.getKeepAliveTimeout(),
                            protocol.getMaxSwallowSize()))
                    .containsExactly(17, 23, 2, 12_345, -1);
            send(client, get("/"));
            assertThat(readResponse(client)).doesNotContain("Connection: close");
            send(client, "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(readHead(client)).contains("Content-Encoding: gzip", "Connection: close");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUnmanagedConnectorServesItsActiveRequestsToTheEnd(boolean drain) throws Exception {
        Application application = new Application(drain);
        application.factory.setProtocol(NIO2);
        application.factory.addConnectorCustomizers((main) -> application.connector = main);
        application.refresh();
        try (application;
                Socket busy = connect(application.connector.getLocalPort())) {
            int port = application.connector.getLocalPort();
            send(busy, get("/hold"));
            SERVLET.awaitHeld();
            assertServesToTheEnd(application, port, busy, drain, "ok");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAjpConnectorServesItsActiveRequestsToTheEnd(boolean drain) throws Exception {
        Application application = new Application(drain);
        Connector connector = new Connector(AJP);
        connector.setPort(0);
        connector.setProperty("secretRequired", "false");
        connector.setProperty("bindOnInit", "false");
        application.factory.addAdditionalTomcatConnectors(connector);
        application.connector = connector;
        application.refresh();
        try (application;
                Socket busy = connect(connector.getLocalPort())) {
            int port = connector.getLocalPort();
            busy.getOutputStream().write(ajpGet("/hold"));
            SERVLET.awaitHeld();
            // END_RESPONSE
            assertServesToTheEnd(application, port, busy, drain, "AB\0\2\5\1");
        }
    }

    private static void assertServesToTheEnd(Application application, int port, Socket busy, boolean drain, String end)
            throws Exception {
        CompletableFuture<Void> closed = CompletableFuture.runAsync(application.context::close);
        await().atMost(20, TimeUnit.SECONDS).until(() -> application.isShuttingDown(drain));
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        assertThat(closed).isNotDone();
        SERVLET.release();
        assertThat(readAll(busy)).contains("ok").contains(end);
        closed.get(60, TimeUnit.SECONDS);
    }

    private static byte[] ajpGet(String uri) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(2);
        packet.write(2);
        for (String text : List.of("HTTP/1.1", uri, "127.0.0.1", "localhost", "localhost")) {
            packet.write(0);
            packet.write(text.length());
            packet.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            packet.write(0);
        }
        packet.writeBytes(new byte[] {0, 80, 0, 0, 0, (byte) 0xff});
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(new byte[] {0x12, 0x34, 0, (byte) packet.size()});
        whole.writeBytes(packet.toByteArray());
        return whole.toByteArray();
    }

    /** A servlet application with a factory of its own. */
    private static final class Application implements AutoCloseable {

        private final AnnotationConfigServletWebServerApplicationContext context =
                new AnnotationConfigServletWebServerApplicationContext();

        private final TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);

        private final List<Customizer> customizers = new ArrayList<>();

        private Connector connector = new Connector();

        Application(boolean drain) {
            SERVLET.reset();
            this.factory.setAddress(InetAddress.getLoopbackAddress());
            this.factory.setShutdown(Shutdown.GRACEFUL);
            TestPropertyValues.of(
                            "server.drain.enabled=" + drain,
                            "server.drain.connections.idle-grace=50ms",
                            "server.drain.connections.first-request-grace=5s")
                    .applyTo(this.context);
        }

        void customize(int order, WebServerFactoryCustomizer<TomcatServletWebServerFactory> customizer) {
            this.customizers.add(new Customizer(order, customizer));
        }

        void refresh() {
            this.context.registerBean(TomcatServletWebServerFactory.class, () -> this.factory);
            this.customizers.forEach((customizer) -> this.context.registerBean(Customizer.class, () -> customizer));
            this.context.register(Configurations.class);
            this.context.refresh();
        }

        List<ListenerStatus> listeners() {
            return this.context
                    .getBean("drainTomcatBinding", ServerBinding.class)
                    .server()
                    .listeners();
        }

        /** Whether the listeners are closed and what is in service is waited for. */
        boolean isShuttingDown(boolean drain) {
            if (drain) {
                return listeners().stream().noneMatch(ListenerStatus::open);
            }
            Connector main =
                    ((TomcatWebServer) this.context.getWebServer()).getTomcat().getConnector();
            return main.getLocalPort() < 0;
        }

        @Override
        public void close() {
            SERVLET.release();
            this.context.close();
        }
    }

    private record Customizer(int order, WebServerFactoryCustomizer<TomcatServletWebServerFactory> delegate)
            implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            this.delegate.customize(factory);
        }

        @Override
        public int getOrder() {
            return this.order;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({DrainAutoConfiguration.class, DrainServerAutoConfiguration.class, Boot3ServerAutoConfiguration.class})
    static class Configurations {

        @Bean
        static WebServerFactoryCustomizerBeanPostProcessor customizers() {
            return new WebServerFactoryCustomizerBeanPostProcessor();
        }

        @Bean
        ServletRegistrationBean<HttpServlet> servlet() {
            return new ServletRegistrationBean<>(SERVLET, "/*");
        }
    }

    /** Responds with {@code ok}, to {@code /hold} when the test lets it. */
    private static final class HoldingServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private transient CountDownLatch held = new CountDownLatch(1);

        private transient CountDownLatch released = new CountDownLatch(1);

        void reset() {
            this.held = new CountDownLatch(1);
            this.released = new CountDownLatch(1);
        }

        void awaitHeld() throws InterruptedException {
            assertThat(this.held.await(20, TimeUnit.SECONDS)).isTrue();
        }

        void release() {
            this.released.countDown();
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getRequestURI().equals("/hold")) {
                this.held.countDown();
                try {
                    assertThat(this.released.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException ex) {
                    throw new IOException(ex);
                }
            }
            response.setContentType("text/plain");
            response.setContentLength(2);
            response.getOutputStream().print("ok");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.contract.KeptConnections;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import io.github.springdrain.contract.TlsMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;

/**
 * Multipart uploads over TLS, while the bundle of the server is renewed and at the end of the application. A server that
 * does not take up what is new in its bundle with plain Spring Boot does not with the drain.
 */
@OncePerContainer
@Timeout(180)
class RenewedBundleIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int CONNECTIONS = 12;

    /** How often plain Spring Boot may show a loss, which is a matter of chance. */
    private static final int PLAIN_RUNS = 10;

    private static final int FILE_SIZE = 20_000;

    private static final String BODY = """
            --boundary\r
            Content-Disposition: form-data; name="file"; filename="file.bin"\r
            Content-Type: application/octet-stream\r
            \r
            %s\r
            --boundary--\r
            """.formatted("x".repeat(FILE_SIZE));

    private static final String RECEIVED = "received " + FILE_SIZE;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeKeyStores() {
        TlsMaterial.makeKeyStore(folder.resolve("first.p12"));
        TlsMaterial.makeKeyStore(folder.resolve("renewed.p12"));
    }

    @Test
    void uploadsAreNotLostAndTheCertificateIsTheOneOfPlainSpringBoot() throws Exception {
        Observed drained = observe(true);
        assertThat(drained.lost()).isZero();
        Observed plain = observe(false);
        assertThat(drained.isRenewed()).isEqualTo(plain.isRenewed());
        for (int i = 1; plain.lost() == 0 && i < PLAIN_RUNS; i++) {
            plain = observe(false);
        }
        assertThat(plain.lost()).as("plain Spring Boot").isPositive();
    }

    private static Observed observe(boolean drain) throws Exception {
        Path store = folder.resolve("store.p12");
        replace(store, "first.p12");
        KeptConnections kept;
        boolean renewed;
        try (ConfigurableApplicationContext context = start(drain, store)) {
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            RawClient client = RawClient.tls("localhost", port);
            X509Certificate before = TlsMaterial.presentedOn(port);
            kept = KeptConnections.start(
                    client, CONNECTIONS, (connection) -> head(connection).write(BODY));
            renew(context.getBean(SslBundles.class), store);
            renewed = !TlsMaterial.presentedOn(port).equals(before);
            if (drain) {
                assertAnUploadUnderWayIsServed(context, client);
            }
        }
        Observed observed = new Observed(kept.lost(), renewed);
        System.out.printf("drain %s: %s%n", drain, observed);
        return observed;
    }

    /** The second half of it is sent when no new connection is accepted any more. */
    private static void assertAnUploadUnderWayIsServed(ConfigurableApplicationContext context, RawClient client)
            throws IOException {
        int half = BODY.length() / 2;
        try (RawConnection connection = client.connect()) {
            head(connection).write(BODY.substring(0, half));
            Drain drain = context.getBean(Drain.class);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
            assertThat(Moment.awaitThat(() -> drain.phase().compareTo(DrainPhase.FINISHING) >= 0, LIMIT))
                    .isTrue();
            RawResponse response = connection.write(BODY.substring(half)).read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo(RECEIVED);
            assertThat(closing).succeedsWithin(LIMIT);
        }
    }

    private static RawConnection head(RawConnection connection) {
        return connection.head(
                "POST", "/upload", BODY.length(), "Content-Type: multipart/form-data; boundary=boundary");
    }

    /** Renews the key store, and waits until those who use the bundle know: the server was told before. */
    private static void renew(SslBundles bundles, Path store) throws Exception {
        CountDownLatch updated = new CountDownLatch(1);
        bundles.addBundleUpdateHandler(TlsMaterial.BUNDLE, (bundle) -> updated.countDown());
        replace(store, "renewed.p12");
        assertThat(updated.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Not by a copy in place, of which a server could read a part. */
    private static void replace(Path store, String by) throws IOException {
        Path copy = Files.copy(folder.resolve(by), folder.resolve("copy.p12"));
        Files.move(copy, store, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static ConfigurableApplicationContext start(boolean drain, Path store) {
        return new SpringApplicationBuilder(Application.class)
                .web(OwnFactory.TYPE)
                .properties("server.port=0", "server.drain.enabled=" + drain)
                .properties(TlsMaterial.reloadedBundle(store).toArray(String[]::new))
                .run();
    }

    /**
     * What clients saw.
     *
     * @param lost how many of their uploads were lost
     * @param isRenewed whether they were presented the new certificate
     */
    private record Observed(long lost, boolean isRenewed) {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Controller.class)
    static class Application {}

    @RestController
    static class Controller {

        @PostMapping("/upload")
        String upload(@RequestPart("file") byte[] file) {
            return "received " + file.length;
        }
    }
}

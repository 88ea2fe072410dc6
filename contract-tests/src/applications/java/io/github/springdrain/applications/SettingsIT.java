// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.KeptConnections;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import io.github.springdrain.contract.TlsMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an application has set on its container wins, and a drain loses nothing with it. */
@Timeout(180)
class SettingsIT {

    private static final Duration RELOAD_LIMIT = Duration.ofSeconds(60);

    private static final int LAST_OF_A_CONNECTION = 7;

    @Test
    void settingsAreThoseOfPlainSpringBootAndNothingIsLost() throws IOException {
        String plain;
        try (ApplicationProcess application = start(false)) {
            plain = observe(application);
        }
        try (ApplicationProcess application = start(true)) {
            assertThat(observe(application)).isEqualTo(plain);
            KeptConnections clients = KeptConnections.start(application.client(), 12);
            application.client().get("/hello");
            application.terminate();
            application.awaitExit();
            assertThat(clients.lost()).isZero();
        }
        assertThat(plain)
                .contains("acceptCount=11", "compression=on", "connectionTimeout=9000", "keepAliveTimeout=4000")
                .contains("maxConnections=50", "maxKeepAliveRequests=7", "maxThreads=20")
                .contains("encoding [gzip]", "closed after 7");
    }

    private static ApplicationProcess start(boolean drain) {
        return ApplicationProcess.of(SettingsApplication.class)
                .with("--server.tomcat.max-connections=50", "--server.tomcat.accept-count=11")
                .with("--server.tomcat.connection-timeout=9s", "--server.tomcat.threads.max=20")
                .with("--server.compression.enabled=true", "--server.compression.min-response-size=1")
                .with("--spring.threads.virtual.enabled=true")
                .drain(drain)
                .start();
    }

    private static String observe(ApplicationProcess application) throws IOException {
        String settings = application.client().get("/settings").text();
        try (RawConnection connection = application.client().connect()) {
            RawResponse response = connection
                    .write("GET /hello HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")
                    .read();
            settings += ", encoding " + response.headers().get("Content-Encoding");
            int requests = 1;
            while (!response.isConnectionClose() && requests <= LAST_OF_A_CONNECTION) {
                response = connection.request("GET", "/hello").read();
                requests++;
            }
            return settings + ", closed after " + requests;
        }
    }

    /** A bundle whose certificate was renewed while the application ran. */
    @Test
    void aReloadedBundleIsPresentedAndNothingIsLost(@TempDir Path folder) throws IOException {
        Path store = folder.resolve("store.p12");
        TlsMaterial.makeKeyStore(store);
        try (ApplicationProcess application = ApplicationProcess.of(HelloApplication.class)
                .with(TlsMaterial.reloadedBundle(store).stream()
                        .map((property) -> "--" + property)
                        .toArray(String[]::new))
                .start()) {
            X509Certificate before = application.certificate();
            Path renewed = folder.resolve("renewed.p12");
            TlsMaterial.makeKeyStore(renewed);
            Files.move(renewed, store, StandardCopyOption.REPLACE_EXISTING);
            long end = System.nanoTime() + RELOAD_LIMIT.toNanos();
            while (application.certificate().equals(before)) {
                assertThat(System.nanoTime()).as("reloaded in time").isLessThan(end);
                Moment.await(System.nanoTime(), Duration.ofMillis(50));
            }
            KeptConnections clients = KeptConnections.start(application.tlsClient(), 12);
            application.tlsClient().get("/hello");
            application.terminate();
            application.awaitExit();
            assertThat(clients.lost()).isZero();
        }
    }
}

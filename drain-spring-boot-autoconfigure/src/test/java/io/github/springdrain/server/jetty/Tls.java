// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.testing.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A connector that speaks TLS, with a key made for the test, and clients that trust every server. */
final class Tls {

    private static final String PASSWORD = "changeit";

    private Tls() {}

    /** Puts TLS below the connector's default protocol. */
    static void addTo(ServerConnector connector) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keyStore().toString());
        tls.setKeyStorePassword(PASSWORD);
        connector.addFirstConnectionFactory(new SslConnectionFactory(tls, connector.getDefaultProtocol()));
    }

    private static Path keyStore() {
        try {
            Path store = Files.createTempDirectory("drain-tls").resolve("server.p12");
            store.toFile().deleteOnExit();
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-alias",
                            "server",
                            "-dname",
                            "CN=localhost",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            PASSWORD)
                    .inheritIO()
                    .start();
            assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return store;
        } catch (IOException | InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    static Socket connect(int port) throws IOException {
        return connect(RawHttp.connect(port));
    }

    /** Speaks TLS on a connection. */
    static Socket connect(Socket transport) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, SslContextFactory.TRUST_ALL_CERTS, null);
            return context.getSocketFactory().createSocket(transport, "localhost", transport.getPort(), true);
        } catch (NoSuchAlgorithmException | KeyManagementException ex) {
            throw new IOException(ex);
        }
    }
}

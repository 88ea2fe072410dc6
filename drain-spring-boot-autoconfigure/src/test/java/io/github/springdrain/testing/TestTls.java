// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A server's TLS with a certificate made for this JVM, and clients that trust everything. */
public final class TestTls {

    /** Of every key store and key. */
    public static final String PASSWORD = "changeit";

    private TestTls() {}

    /** For a server. */
    public static SSLContext server() {
        return Made.SERVER;
    }

    /** For a client that trusts every server. */
    public static SSLContext client() {
        return Made.CLIENT;
    }

    /** A new key with a certificate of its own. */
    public static KeyStore newKeyStore() throws Exception {
        Path directory = Files.createTempDirectory("test-tls");
        Path file = directory.resolve("server.p12");
        Made.keytool(file);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Files.delete(file);
        Files.delete(directory);
        return keys;
    }

    /** Begins TLS on a connected socket; its handshake is still to come. */
    public static SSLSocket over(Socket socket) throws IOException {
        return (SSLSocket) Made.CLIENT.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    }

    /** Made when it is first asked for. */
    private static final class Made {

        static final SSLContext SERVER = server();

        static final SSLContext CLIENT = client();

        private static SSLContext server() {
            try {
                KeyStore keys = newKeyStore();
                KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                managers.init(keys, PASSWORD.toCharArray());
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(managers.getKeyManagers(), null, null);
                return context;
            } catch (Exception ex) {
                throw new IllegalStateException(ex);
            }
        }

        private static void keytool(Path file) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-J-XX:TieredStopAtLevel=1",
                            "-J-XX:+UseSerialGC",
                            "-genkeypair",
                            "-alias",
                            "server",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool made no key store");
            }
        }

        private static SSLContext client() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new TrustAll()}, null);
                return context;
            } catch (Exception ex) {
                throw new IllegalStateException(ex);
            }
        }
    }

    private static final class TrustAll implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

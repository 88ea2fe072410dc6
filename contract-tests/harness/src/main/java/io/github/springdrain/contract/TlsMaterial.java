// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A key store with a self-signed certificate for {@code localhost}, made once for each JVM and deleted with it, and a
 * client that trusts it and everything else.
 */
public final class TlsMaterial {

    /** The name of the bundle in {@link #reloadedBundle}. */
    public static final String BUNDLE = "web";

    private static final String PASSWORD = "changeit";

    private TlsMaterial() {}

    /** Boot's properties for a server that speaks TLS with this key store; a management server beside it does not. */
    public static List<String> serverArguments() {
        return List.of(
                "--server.ssl.key-store=" + KeyStoreFile.PATH,
                "--server.ssl.key-store-type=PKCS12",
                "--server.ssl.key-store-password=" + PASSWORD,
                "--server.ssl.key-alias=sample",
                "--management.server.ssl.enabled=false");
    }

    /** Makes a key store like it, with another key, for a server whose certificate is renewed. */
    public static void makeKeyStore(Path file) {
        Command.require(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "sample",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
    }

    /** Boot's properties for a server with a bundle of such a key store, which is looked at again when it changes. */
    public static List<String> reloadedBundle(Path keyStore) {
        return List.of(
                "server.ssl.bundle=" + BUNDLE,
                "spring.ssl.bundle.watch.file.quiet-period=100ms",
                "spring.ssl.bundle.jks." + BUNDLE + ".reload-on-update=true",
                "spring.ssl.bundle.jks." + BUNDLE + ".keystore.location=" + keyStore.toUri(),
                "spring.ssl.bundle.jks." + BUNDLE + ".keystore.password=" + PASSWORD);
    }

    /** The certificate that a port of this host presents now. */
    public static X509Certificate presentedOn(int port) throws IOException {
        try (SSLSocket socket = (SSLSocket) trustAll().createSocket("localhost", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Makes client sockets that trust every certificate. */
    public static SSLSocketFactory trustAll() {
        return TrustAll.FACTORY;
    }

    /** Made when it is first asked for. */
    private static final class KeyStoreFile {

        static final Path PATH = create();

        private static Path create() {
            try {
                Path directory = Files.createTempDirectory("contract-tls");
                Path file = directory.resolve("sample.p12");
                directory.toFile().deleteOnExit();
                file.toFile().deleteOnExit();
                makeKeyStore(file);
                return file;
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }

    /** Trusts every certificate: these tests are about connections, not about identity. */
    private static final class TrustAll implements X509TrustManager {

        static final SSLSocketFactory FACTORY = create();

        private static SSLSocketFactory create() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
                return context.getSocketFactory();
            } catch (GeneralSecurityException ex) {
                throw new IllegalStateException(ex);
            }
        }

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

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.springframework.core.env.Environment;

/** TLS for listeners that an application adds itself, with the key store of the server. */
final class ServerTls {

    private ServerTls() {}

    static boolean isOn(Environment environment) {
        return environment.containsProperty("server.ssl.key-store");
    }

    static SSLContext context(Environment environment) {
        char[] password =
                environment.getRequiredProperty("server.ssl.key-store-password").toCharArray();
        try (InputStream file =
                Files.newInputStream(Path.of(environment.getRequiredProperty("server.ssl.key-store")))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, password);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }
}

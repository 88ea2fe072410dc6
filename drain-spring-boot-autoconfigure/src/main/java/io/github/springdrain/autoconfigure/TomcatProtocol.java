// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.server.tomcat.DrainHttp11NioProtocol;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The protocol handler of Tomcat's own connector, for both lines of Spring Boot. */
public final class TomcatProtocol {

    private static final String DEFAULT = "org.apache.coyote.http11.Http11NioProtocol";

    private TomcatProtocol() {}

    /**
     * Puts the one that can be drained in place of the default.
     *
     * @param protocol the class name of the one that the factory would use, {@code null} if it is not known
     * @param setProtocol makes the factory use another one
     */
    public static void replace(@Nullable String protocol, Consumer<String> setProtocol) {
        if (DEFAULT.equals(protocol)) {
            setProtocol.accept(DrainHttp11NioProtocol.class.getName());
        }
    }
}

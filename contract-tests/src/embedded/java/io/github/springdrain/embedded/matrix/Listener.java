// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

/** A port that the server listens on. */
enum Listener {

    /** HTTP/1.1 and HTTP/2 in clear text. */
    HTTP,

    /** The same over TLS. */
    HTTPS,

    /** HTTP/1.1 behind the PROXY protocol. */
    PROXY_HTTP,

    /** HTTP/1.1 over TLS, behind the PROXY protocol, which comes in clear text. */
    PROXY_HTTPS;

    boolean isTls() {
        return this == HTTPS || this == PROXY_HTTPS;
    }

    boolean isProxied() {
        return this == PROXY_HTTP || this == PROXY_HTTPS;
    }
}

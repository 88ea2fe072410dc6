// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.util.List;

/** What clients and a server speak with each other. */
public enum Transport {

    /** HTTP/1.1 without TLS. */
    PLAIN("plain", false),

    /** HTTP/1.1 over TLS. */
    TLS("TLS", true),

    /** HTTP/2 over TLS. */
    HTTP2("HTTP/2", true);

    private final String label;

    private final boolean tls;

    Transport(String label, boolean tls) {
        this.label = label;
        this.tls = tls;
    }

    /** What tables call it. */
    public String label() {
        return this.label;
    }

    /** Whether it is encrypted. */
    public boolean isTls() {
        return this.tls;
    }

    /** What a sample needs beside its certificate to speak it. */
    public List<String> arguments() {
        return (this == HTTP2) ? List.of("--server.http2.enabled=true") : List.of();
    }
}

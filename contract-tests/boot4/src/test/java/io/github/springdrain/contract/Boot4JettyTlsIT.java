// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot4JettyTlsIT extends TlsContracts {

    Boot4JettyTlsIT() {
        super(Variant.BOOT4_JETTY);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot3JettyTlsIT extends TlsContracts {

    Boot3JettyTlsIT() {
        super(Variant.BOOT3_JETTY);
    }
}

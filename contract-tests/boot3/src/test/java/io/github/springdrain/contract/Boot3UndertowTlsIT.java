// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot3UndertowTlsIT extends TlsContracts {

    Boot3UndertowTlsIT() {
        super(Variant.BOOT3_UNDERTOW);
    }
}

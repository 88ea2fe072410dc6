// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot3TomcatTlsIT extends TlsContracts {

    Boot3TomcatTlsIT() {
        super(Variant.BOOT3_TOMCAT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot4TomcatTlsIT extends TlsContracts {

    Boot4TomcatTlsIT() {
        super(Variant.BOOT4_TOMCAT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot4JettyIT extends PlainContracts {

    Boot4JettyIT() {
        super(Variant.BOOT4_JETTY);
    }
}

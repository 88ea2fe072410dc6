// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot3JettyIT extends PlainContracts {

    Boot3JettyIT() {
        super(Variant.BOOT3_JETTY);
    }
}

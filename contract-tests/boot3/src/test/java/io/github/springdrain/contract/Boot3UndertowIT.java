// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot3UndertowIT extends PlainContracts {

    Boot3UndertowIT() {
        super(Variant.BOOT3_UNDERTOW);
    }
}

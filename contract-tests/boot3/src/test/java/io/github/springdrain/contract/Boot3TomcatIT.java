// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot3TomcatIT extends PlainContracts {

    Boot3TomcatIT() {
        super(Variant.BOOT3_TOMCAT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot4TomcatIT extends PlainContracts {

    Boot4TomcatIT() {
        super(Variant.BOOT4_TOMCAT);
    }
}

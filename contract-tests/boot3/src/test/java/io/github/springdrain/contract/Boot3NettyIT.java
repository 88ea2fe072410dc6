// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot3NettyIT extends NettyContracts {

    Boot3NettyIT() {
        super(Variant.BOOT3_NETTY);
    }
}

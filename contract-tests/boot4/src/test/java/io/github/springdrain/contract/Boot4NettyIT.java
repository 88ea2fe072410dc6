// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot4NettyIT extends NettyContracts {

    Boot4NettyIT() {
        super(Variant.BOOT4_NETTY);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot4NettyTlsIT extends NettyTlsContracts {

    Boot4NettyTlsIT() {
        super(Variant.BOOT4_NETTY);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

final class Boot3NettyTlsIT extends NettyTlsContracts {

    Boot3NettyTlsIT() {
        super(Variant.BOOT3_NETTY);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What a variant with Reactor Netty has to show with TLS. */
abstract class NettyTlsContracts extends TlsContracts {

    NettyTlsContracts(Variant variant) {
        super(variant);
    }

    @Nested
    @Tag("platform")
    class Platform extends NettyPlatformContract {

        Platform() {
            super(target());
        }
    }
}

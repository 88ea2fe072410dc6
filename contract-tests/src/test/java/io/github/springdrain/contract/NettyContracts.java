// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What a variant with Reactor Netty has to show without TLS. */
abstract class NettyContracts extends PlainContracts {

    NettyContracts(Variant variant) {
        super(variant);
    }

    @Nested
    @Tag("event-loop")
    class EventLoop extends EventLoopContract {

        EventLoop() {
            super(target());
        }
    }

    @Nested
    @Tag("platform")
    class Platform extends NettyPlatformContract {

        Platform() {
            super(target());
        }
    }
}

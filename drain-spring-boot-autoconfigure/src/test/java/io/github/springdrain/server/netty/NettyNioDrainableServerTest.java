// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

/** Reactor Netty with the NIO transport. */
class NettyNioDrainableServerTest extends NettyScenarios {

    NettyNioDrainableServerTest() {
        super(false);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

/** Reactor Netty with the native transport. */
class NettyNativeTransportDrainableServerTest extends NettyScenarios {

    NettyNativeTransportDrainableServerTest() {
        super(true);
    }
}

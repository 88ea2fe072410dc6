package io.github.springdrain.netty;

/** Reactor Netty with the native transport. */
class NettyNativeTransportDrainableServerTest extends NettyScenarios {

    NettyNativeTransportDrainableServerTest() {
        super(true);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a run with another transport or TLS provider is about: that Reactor Netty has it. */
abstract class NettyPlatformContract {

    private final Target target;

    NettyPlatformContract(Target target) {
        this.target = target;
    }

    @Test
    @EnabledIfSystemProperty(named = NettyTransport.PROPERTY, matches = ".+")
    void theTransportIsTheOneThatWasAskedFor() {
        try (SampleProcess server = this.target.sample().start()) {
            assertThat(server.hasLoaded("netty_transport_native_epoll"))
                    .isEqualTo(NettyTransport.selected() == NettyTransport.NATIVE);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "sample.openssl", matches = ".*")
    void tlsIsSpokenByTheProviderThatIsOnTheClassPath() {
        assumeTrue(this.target.tls(), "Without TLS, it is not loaded");
        try (SampleProcess server = this.target.sample().start()) {
            assertThat(server.hasLoaded("netty_tcnative")).isTrue();
        }
    }
}

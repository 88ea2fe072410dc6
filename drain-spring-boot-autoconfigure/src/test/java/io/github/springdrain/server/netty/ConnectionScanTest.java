// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.springdrain.server.CloseAdvertisement;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalChannel;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scan makes of a connection that cannot be looked at. */
@Timeout(60)
class ConnectionScanTest {

    /** On its event loop nobody would hear of it, and the drain would take it for one that has gone. */
    @Test
    void doesNotLeaveOutAConnectionThatCannotBeLookedAt() throws Exception {
        EventLoop loop = new DefaultEventLoop();
        Unreadable channel = new Unreadable();
        try {
            Connections connections = new Connections();
            loop.register(channel).sync();
            loop.submit(() -> connections.opened(OpenConnection.install(
                            channel, new CloseAdvertisement(), new LingerPolicy(LingeringCloser.OFF))))
                    .sync();
            channel.unreadable = true;
            ConnectionScan scan = new ConnectionScan(connections, new Http2Streams(null));
            assertThatIllegalStateException()
                    .isThrownBy(() -> scan.snapshots(Set.of()))
                    .withMessage("unreadable");
        } finally {
            channel.unreadable = false;
            loop.shutdownGracefully().sync();
        }
    }

    private static final class Unreadable extends LocalChannel {

        private volatile boolean unreadable;

        @Override
        public boolean isActive() {
            if (this.unreadable) {
                throw new IllegalStateException("unreadable");
            }
            return super.isActive();
        }
    }
}

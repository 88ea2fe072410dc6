// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.linger.ChannelEnd;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** What a plain and a secure channel alike keep of the connection that they are at. */
final class ChannelState {

    private final ChannelEnd end;

    private final ConnectionProgress progress = new ConnectionProgress();

    ChannelState(DrainNioEndpoint endpoint) {
        this.end = new ChannelEnd(endpoint::lingerPolicy, endpoint::pollerSelector);
    }

    ChannelEnd end() {
        return this.end;
    }

    ConnectionProgress progress() {
        return this.progress;
    }

    /** Begins anew: Tomcat pools its channels, and resets those that it pools with {@code null}. */
    void reset(@Nullable SocketChannel connection) {
        if (connection != null) {
            this.end.arm();
            this.progress.reset();
        }
    }

    /** Notes what was read, and returns it. */
    long read(long count) {
        if (count > 0) {
            this.end.inputSeen();
        }
        return count;
    }

    /** Notes what was read, and returns it. */
    int read(int count) {
        return (int) read((long) count);
    }
}

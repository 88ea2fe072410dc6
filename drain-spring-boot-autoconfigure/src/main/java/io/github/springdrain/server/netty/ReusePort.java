// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.net.StandardSocketOptions;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerConfig;

/** The option {@code SO_REUSEPORT}, which Netty has once for the JDK's channels and once for its native ones. */
final class ReusePort {

    private ReusePort() {}

    /** Has a server listen with it. To be called last, as it looks at which kind of channel the server uses. */
    static HttpServer on(HttpServer server) {
        return server.option(option(server.configuration()), true);
    }

    private static ChannelOption<Boolean> option(HttpServerConfig config) {
        EventLoopGroup group = config.loopResources().onServerSelect(config.isPreferNative());
        boolean nio =
                config.loopResources().onChannelClass(ServerSocketChannel.class, group) == NioServerSocketChannel.class;
        return nio ? NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT) : UnixChannelOption.SO_REUSEPORT;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open streams of HTTP/2 connections at one moment, read when they are asked for first. */
final class Http2Streams {

    private final @Nullable ChannelGroup group;

    private volatile @Nullable Map<Channel, List<Channel>> byConnection;

    /**
     * Creates a look at the streams.
     *
     * @param group where Reactor Netty keeps its channels; {@code null} where it does not
     */
    Http2Streams(@Nullable ChannelGroup group) {
        this.group = group;
    }

    List<Channel> of(Channel connection) {
        return all().getOrDefault(connection, List.of());
    }

    private Map<Channel, List<Channel>> all() {
        Map<Channel, List<Channel>> known = this.byConnection;
        if (known == null) {
            known = read();
            this.byConnection = known;
        }
        return known;
    }

    private Map<Channel, List<Channel>> read() {
        Map<Channel, List<Channel>> streams = new HashMap<>();
        if (this.group != null) {
            for (Channel channel : this.group) {
                if (channel.parent() != null) {
                    streams.computeIfAbsent(channel.parent(), (parent) -> new ArrayList<>())
                            .add(channel);
                }
            }
        }
        return streams;
    }
}

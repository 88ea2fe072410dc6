// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.grpc;

import io.github.springdrain.server.GatedListener;
import io.grpc.Server;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * One listener of a gRPC server. What its acceptor does is not known from outside, so whoever empties the queue gives the
 * acceptor a moment more.
 */
record GrpcListener(InetSocketAddress address) implements GatedListener {

    /** None where the server is reached within the process, or by a socket of the file system. */
    static List<GrpcListener> of(Server server) {
        return server.getListenSockets().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map((address) -> new GrpcListener((InetSocketAddress) address))
                .toList();
    }

    @Override
    public boolean isAcceptorWaiting() {
        return true;
    }

    @Override
    public long accepted() {
        return 0;
    }
}

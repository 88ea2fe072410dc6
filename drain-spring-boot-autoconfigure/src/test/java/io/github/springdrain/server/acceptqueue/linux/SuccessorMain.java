// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/** Listens on a port of 127.0.0.1 that another process listens on, until it is killed. */
final class SuccessorMain {

    private SuccessorMain() {}

    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            listener.bind(new InetSocketAddress(Addresses.IPV4_LOOPBACK, Integer.parseInt(args[0])));
            System.out.println("listening");
            while (true) {
                listener.accept();
            }
        }
    }
}

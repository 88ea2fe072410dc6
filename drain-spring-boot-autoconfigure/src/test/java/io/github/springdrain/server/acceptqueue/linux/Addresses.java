// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses of this machine, without asking a resolver. */
final class Addresses {

    static final InetAddress IPV4_WILDCARD = address(0, 0, 0, 0);

    static final InetAddress IPV4_LOOPBACK = address(127, 0, 0, 1);

    static final InetAddress IPV6_WILDCARD = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    static final InetAddress IPV6_LOOPBACK = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private Addresses() {}

    private static InetAddress address(int... numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException ex) {
            throw new IllegalArgumentException(ex);
        }
    }
}

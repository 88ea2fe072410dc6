// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One listening socket in {@code /proc/net/tcp} or {@code tcp6}. Its reference count is 1, and 1 for each handshake that
 * has not completed, and 1 for each connection that waits to be accepted ({@code get_tcp4_sock} in the kernel's
 * {@code tcp_ipv4.c}).
 *
 * @param local the local address as printed; exact, and different for IPv4 and IPv6
 * @param address the local address; that of an IPv4-mapped one is the IPv4 address
 * @param queued connections that wait to be accepted
 * @param inode identifies the socket
 * @param references the reference count
 */
record ListenRow(String local, InetSocketAddress address, int queued, long inode, int references) {

    private static final String LISTEN = "0A";

    private static final int LAST_FIELD = 10;

    /** Whether the fields of a line are those of a listening socket. */
    static boolean isListening(List<String> fields) {
        return fields.size() > LAST_FIELD && fields.get(3).equals(LISTEN);
    }

    /**
     * Reads the fields of a line.
     *
     * @throws IllegalArgumentException if it is not in the kernel's format
     */
    static ListenRow parse(List<String> fields) {
        String queues = fields.get(4);
        return new ListenRow(
                fields.get(1),
                address(fields.get(1)),
                Integer.parseUnsignedInt(queues.substring(queues.indexOf(':') + 1), 16),
                Long.parseLong(fields.get(9)),
                Integer.parseInt(fields.get(LAST_FIELD)));
    }

    /** The kernel prints an address as 32-bit words in the machine's byte order. */
    private static InetSocketAddress address(String text) {
        int colon = text.indexOf(':');
        ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
        for (int word = 0; word < colon; word += 8) {
            bytes.putInt(Integer.parseUnsignedInt(text.substring(word, word + 8), 16));
        }
        int port = Integer.parseInt(text.substring(colon + 1), 16);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes.array()), port);
        } catch (UnknownHostException ex) {
            throw new IllegalArgumentException("Not an address: " + text, ex);
        }
    }

    /** Handshakes that have not completed. */
    int handshakes() {
        return Math.max(0, this.references - 1 - this.queued);
    }

    /** Whether the kernel holds nothing for this listener. */
    boolean isEmpty() {
        return this.references <= 1 && this.queued == 0;
    }

    /** Whether a listener bound to {@code listener} may be this one; all wildcard addresses are the same. */
    boolean matches(InetSocketAddress listener) {
        InetAddress wanted = listener.getAddress();
        if (wanted == null || listener.getPort() != this.address.getPort()) {
            return false;
        }
        InetAddress own = this.address.getAddress();
        return wanted.isAnyLocalAddress() ? own.isAnyLocalAddress() : own.equals(wanted);
    }
}

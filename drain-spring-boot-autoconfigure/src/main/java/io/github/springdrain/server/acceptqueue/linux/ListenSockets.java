// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The sockets that listen on one address.
 *
 * @param inodes of all of them, whoever owns them
 * @param own the descriptors of those that belong to the listener
 * @param others the inodes of those that listen on the very same address by {@code SO_REUSEPORT}, in another process or
 *     in this one
 */
record ListenSockets(Set<Long> inodes, List<Descriptor> own, Set<Long> others) {

    static final ListenSockets NONE = new ListenSockets(Set.of(), List.of(), Set.of());

    /**
     * Finds them; every one of this process is the listener's own.
     *
     * @throws IOException if the kernel's tables cannot be read
     */
    static ListenSockets find(ProcSelf proc, InetSocketAddress address) throws IOException {
        return NONE.refresh(proc, address, (ownInodes) -> ownInodes);
    }

    /**
     * Finds them again; spares the look at all descriptors, which takes long where connections are many, if these are
     * still the same.
     *
     * @param claim picks the listener's own from those of this process
     * @throws IOException if the kernel's tables cannot be read
     */
    ListenSockets refresh(ProcSelf proc, InetSocketAddress address, UnaryOperator<Set<Long>> claim) throws IOException {
        List<ListenRow> rows =
                proc.listenRows().stream().filter((row) -> row.matches(address)).toList();
        Set<Long> listening = rows.stream().map(ListenRow::inode).collect(Collectors.toSet());
        if (listening.equals(this.inodes) && this.own.stream().allMatch(proc::isOpen)) {
            return this;
        }
        List<Descriptor> found = proc.sockets(listening);
        Set<Long> own = claim.apply(inodes(found));
        List<Descriptor> claimed =
                found.stream().filter((socket) -> own.contains(socket.inode())).toList();
        return new ListenSockets(listening, claimed, others(rows, own));
    }

    private static Set<Long> others(List<ListenRow> rows, Set<Long> own) {
        Set<String> addresses = rows.stream()
                .filter((row) -> own.contains(row.inode()))
                .map(ListenRow::local)
                .collect(Collectors.toSet());
        return rows.stream()
                .filter((row) -> addresses.contains(row.local()))
                .map(ListenRow::inode)
                .filter((inode) -> !own.contains(inode))
                .collect(Collectors.toSet());
    }

    Set<Long> ownInodes() {
        return inodes(this.own);
    }

    private static Set<Long> inodes(List<Descriptor> sockets) {
        return sockets.stream().map(Descriptor::inode).collect(Collectors.toSet());
    }

    /**
     * A descriptor of a listening socket that this process has.
     *
     * @param inode identifies the socket as long as it lives
     * @param fd the number, which may belong to another socket once this one is closed
     */
    record Descriptor(long inode, int fd) {}
}

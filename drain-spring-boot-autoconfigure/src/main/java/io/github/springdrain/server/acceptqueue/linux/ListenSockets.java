package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The sockets that listen on one address.
 *
 * @param inodes of all of them, whoever owns them
 * @param own the descriptors this process has of them
 * @param shared whether another process listens on the very same address too, by {@code SO_REUSEPORT}
 */
record ListenSockets(Set<Long> inodes, List<Descriptor> own, boolean shared) {

    static final ListenSockets NONE = new ListenSockets(Set.of(), List.of(), false);

    /**
     * Finds them.
     *
     * @throws IOException if the kernel's tables cannot be read
     */
    static ListenSockets find(ProcSelf proc, InetSocketAddress address) throws IOException {
        return NONE.refresh(proc, address);
    }

    /**
     * Finds them again; spares the look at all descriptors, which takes long where connections are many, if these are
     * still the same.
     *
     * @throws IOException if the kernel's tables cannot be read
     */
    ListenSockets refresh(ProcSelf proc, InetSocketAddress address) throws IOException {
        List<ListenRow> rows =
                proc.listenRows().stream().filter((row) -> row.matches(address)).toList();
        Set<Long> listening = rows.stream().map(ListenRow::inode).collect(Collectors.toSet());
        if (listening.equals(this.inodes) && this.own.stream().allMatch(proc::isOpen)) {
            return this;
        }
        List<Descriptor> found = proc.sockets(listening);
        return new ListenSockets(listening, found, isShared(rows, inodes(found)));
    }

    private static boolean isShared(List<ListenRow> rows, Set<Long> ownInodes) {
        Set<String> ownAddresses = new HashSet<>();
        Set<String> foreignAddresses = new HashSet<>();
        for (ListenRow row : rows) {
            (ownInodes.contains(row.inode()) ? ownAddresses : foreignAddresses).add(row.local());
        }
        return foreignAddresses.stream().anyMatch(ownAddresses::contains);
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

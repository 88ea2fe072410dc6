// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel shows a process about its own sockets, in {@code /proc/self}. That path is there for every
 * user and under every mount option of {@code /proc}, where {@code /proc/net} may be absent.
 */
final class ProcSelf {

    static final ProcSelf SYSTEM = new ProcSelf(Path.of("/proc/self"));

    private static final String SOCKET = "socket:[";

    private static final Pattern SPACES = Pattern.compile("\\s+");

    final Path directory;

    private final SocketClaims claims = new SocketClaims();

    ProcSelf(Path directory) {
        this.directory = directory;
    }

    /** Which listener has which of this process's sockets. */
    SocketClaims claims() {
        return this.claims;
    }

    /**
     * The listening sockets of the network namespace, of this process or others.
     *
     * @throws IOException if they cannot be read
     */
    List<ListenRow> listenRows() throws IOException {
        List<ListenRow> rows = new ArrayList<>();
        readListenRows("tcp", rows);
        try {
            readListenRows("tcp6", rows);
        } catch (NoSuchFileException ex) {
            // A kernel without IPv6 has no such table.
            return rows;
        }
        return rows;
    }

    /** Listening sockets come first; reading the whole table takes 0.1 s and more where connections are many. */
    private void readListenRows(String table, List<ListenRow> rows) throws IOException {
        Path file = this.directory.resolve("net").resolve(table);
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            reader.readLine();
            List<String> fields = fields(reader.readLine());
            while (ListenRow.isListening(fields)) {
                rows.add(ListenRow.parse(fields));
                fields = fields(reader.readLine());
            }
        } catch (IllegalArgumentException ex) {
            throw new IOException(file + " is not in the format this library knows: " + ex.getMessage(), ex);
        }
    }

    /**
     * The descriptors this process has of the sockets with these inodes.
     *
     * @throws IOException if they cannot be read
     */
    List<ListenSockets.Descriptor> sockets(Set<Long> inodes) throws IOException {
        List<ListenSockets.Descriptor> sockets = new ArrayList<>();
        for (int fd : descriptors()) {
            OptionalLong inode = inodeOf(fd);
            if (inode.isPresent() && inodes.contains(inode.getAsLong())) {
                sockets.add(new ListenSockets.Descriptor(inode.getAsLong(), fd));
            }
        }
        return sockets;
    }

    /** Whether the descriptor of a socket still belongs to it. */
    boolean isOpen(ListenSockets.Descriptor socket) {
        OptionalLong inode = inodeOf(socket.fd());
        return inode.isPresent() && inode.getAsLong() == socket.inode();
    }

    private OptionalLong inodeOf(int fd) {
        try {
            String target = Files.readSymbolicLink(this.directory.resolve("fd").resolve(Integer.toString(fd)))
                    .toString();
            if (target.startsWith(SOCKET)) {
                return OptionalLong.of(Long.parseLong(target, SOCKET.length(), target.length() - 1, 10));
            }
        } catch (IOException | NumberFormatException ex) {
            // Closed since it was listed.
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    /**
     * The counters of the network namespace.
     *
     * @throws IOException if they cannot be read
     */
    List<String> networkCounters() throws IOException {
        return Files.readAllLines(this.directory.resolve("net").resolve("netstat"));
    }

    /**
     * A setting of the IPv4 stack, which IPv6 shares where it has no own.
     *
     * @throws IOException if it cannot be read
     */
    String networkSetting(String name) throws IOException {
        Path settings = this.directory.resolveSibling(Path.of("sys", "net", "ipv4"));
        return Files.readString(settings.resolve(name)).strip();
    }

    /** The fields of a line of any of these tables; none after the last line. */
    static List<String> fields(@Nullable String line) {
        return (line == null) ? List.of() : List.of(SPACES.split(line.strip(), -1));
    }

    private List<Integer> descriptors() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(this.directory.resolve("fd"))) {
            for (Path entry : entries) {
                numbers.add(Integer.parseInt(entry.getFileName().toString()));
            }
        } catch (DirectoryIteratorException ex) {
            throw ex.getCause();
        }
        return numbers;
    }
}

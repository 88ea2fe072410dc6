// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A {@code /proc} whose content a test writes: listening sockets, descriptors, threads, SYN cookies. */
final class FakeProc {

    static final String WILDCARD_8080 = "00000000:1F90";

    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    private final Path self;

    private final Map<Long, String> rows = new LinkedHashMap<>();

    FakeProc(Path root) {
        this.self = root.resolve("self");
        file("net/tcp", HEADER + "\n");
        file("net/tcp6", HEADER + "\n");
        synCookies(1, 0);
        directory(this.self.resolve("fd"));
        directory(this.self.resolve("task"));
    }

    ProcSelf proc() {
        return new ProcSelf(this.self);
    }

    /** A listening socket, this process's own or not. */
    FakeProc listening(String local, long inode, int queued, int references) {
        this.rows.put(inode, row(local, inode, queued, references));
        return writeRows();
    }

    FakeProc closed(long inode) {
        this.rows.remove(inode);
        return writeRows();
    }

    static String row(String local, long inode, int queued, int references) {
        return "   0: %s 00000000:0000 0A 00000000:%08X 00:00000000 00000000  1000        0 %d %d 000000003c94b3ca 100 0"
                .formatted(local, queued, inode, references);
    }

    private FakeProc writeRows() {
        return file("net/tcp", HEADER + "\n" + String.join("\n", this.rows.values()) + "\n");
    }

    FakeProc descriptor(int fd, long inode) {
        Path link = this.self.resolve("fd").resolve(Integer.toString(fd));
        try {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of("socket:[" + inode + "]"));
            return this;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    FakeProc thread(int thread, String systemCall) {
        return file("task/" + thread + "/syscall", systemCall + "\n");
    }

    FakeProc synCookies(int setting, long sent) {
        file("../sys/net/ipv4/tcp_syncookies", setting + "\n");
        return file(
                "net/netstat",
                "TcpExt: SyncookiesFailed SyncookiesSent PruneCalled\nTcpExt: 7 %d 9\nIpExt: InOctets\nIpExt: 1\n"
                        .formatted(sent));
    }

    FakeProc file(String name, String content) {
        Path file = this.self.resolve(name).normalize();
        directory(file.resolve("..").normalize());
        try {
            Files.writeString(file, content);
            return this;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    FakeProc without(String name) {
        try {
            Files.delete(this.self.resolve(name).normalize());
            return this;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static void directory(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}

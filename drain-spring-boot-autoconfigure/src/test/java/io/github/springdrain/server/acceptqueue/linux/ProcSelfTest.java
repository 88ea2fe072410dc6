// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcSelfTest {

    private static final int MORE_THAN_A_PAGE = 100;

    private FakeProc fake;

    @BeforeEach
    void create(@TempDir Path root) {
        this.fake = new FakeProc(root);
    }

    @Test
    void readsListenersBeyondTheFirstPage() throws IOException {
        for (int inode = 1; inode <= MORE_THAN_A_PAGE; inode++) {
            this.fake.listening("00000000:%04X".formatted(inode), inode, 0, 1);
        }
        assertThat(this.fake.proc().listenRows()).hasSize(MORE_THAN_A_PAGE);
    }

    @Test
    void readsBothTables() throws IOException {
        this.fake.file("net/tcp", table(FakeProc.row("00000000:1F90", 1, 0, 1)));
        this.fake.file("net/tcp6", table(FakeProc.row("00000000000000000000000000000000:1F91", 2, 0, 1)));
        assertThat(this.fake.proc().listenRows()).extracting(ListenRow::inode).containsExactly(1L, 2L);
    }

    @Test
    void stopsAtTheFirstConnection() throws IOException {
        String listener = FakeProc.row("00000000:1F90", 1, 0, 1);
        String connection = FakeProc.row("00000000:1F90", 0, 0, 1).replace(" 0A ", " 01 ");
        this.fake.file("net/tcp", table(listener, connection, "not read at all", listener));
        assertThat(this.fake.proc().listenRows()).hasSize(1);
    }

    @Test
    void doesWithoutIpv6() throws IOException {
        this.fake.listening(FakeProc.WILDCARD_8080, 1, 0, 1).without("net/tcp6");
        assertThat(this.fake.proc().listenRows()).hasSize(1);
    }

    @Test
    void namesTheTableThatItCannotRead() {
        this.fake.file("net/tcp", table(FakeProc.row("nonsense:1F90", 1, 0, 1)));
        assertThatIOException()
                .isThrownBy(() -> this.fake.proc().listenRows())
                .withMessageContaining("net/tcp is not in the format");
    }

    @Test
    void findsEveryDescriptorOfASocket() throws IOException {
        this.fake.descriptor(3, 70).descriptor(4, 71).descriptor(5, 70).descriptor(6, 72);
        assertThat(this.fake.proc().sockets(Set.of(70L, 72L)))
                .containsExactlyInAnyOrder(
                        new ListenSockets.Descriptor(70, 3),
                        new ListenSockets.Descriptor(70, 5),
                        new ListenSockets.Descriptor(72, 6));
    }

    @Test
    void noticesThatADescriptorWentToAnotherSocket() {
        this.fake.descriptor(3, 70);
        assertThat(this.fake.proc().isOpen(new ListenSockets.Descriptor(70, 3))).isTrue();
        this.fake.descriptor(3, 71);
        assertThat(this.fake.proc().isOpen(new ListenSockets.Descriptor(70, 3))).isFalse();
        assertThat(this.fake.proc().isOpen(new ListenSockets.Descriptor(70, 4))).isFalse();
    }

    private static String table(String... rows) {
        return IntStream.rangeClosed(0, rows.length)
                .mapToObj((line) -> (line == 0) ? "  sl  local_address" : rows[line - 1])
                .collect(Collectors.joining("\n", "", "\n"));
    }
}

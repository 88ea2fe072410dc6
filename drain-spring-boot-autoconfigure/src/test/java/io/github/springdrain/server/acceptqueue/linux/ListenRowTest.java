// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenRowTest {

    private static final String IPV4 = "   3: 0100007F:1F90 00000000:0000 0A 00000000:00000013 00:00000000 00000000"
            + "  1000        0 178223 27 00000000e91ad12b 100 0 0 10 0";

    private static final String WILDCARD_IPV6 =
            "   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000"
                    + " 00:00000000 00000000     0        0 1145 1 000000003c94b3ca 100 0 0 10 0";

    private static final String MAPPED =
            "   1: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000"
                    + " 00:00000000 00000000     0        0 1146 1 000000003c94b3ca 100 0 0 10 0";

    private static final String LOOPBACK_IPV6 =
            "   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000"
                    + " 00:00000000 00000000     0        0 1147 1 000000003c94b3ca 100 0 0 10 0";

    /** The lines above were printed by a little-endian machine. */
    @BeforeEach
    void assumeLittleEndian() {
        assumeThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void readsAddressQueueInodeAndReferences() {
        ListenRow row = parse(IPV4);
        assertThat(row.address()).isEqualTo(new InetSocketAddress(Addresses.IPV4_LOOPBACK, 8080));
        assertThat(row.queued()).isEqualTo(19);
        assertThat(row.inode()).isEqualTo(178223);
        assertThat(row.references()).isEqualTo(27);
    }

    @Test
    void countsAsHandshakesWhatIsReferencedAndNotQueued() {
        assertThat(parse(IPV4).handshakes()).isEqualTo(7);
        assertThat(parse(WILDCARD_IPV6).handshakes()).isZero();
    }

    @Test
    void isEmptyOnlyWithoutHandshakesAndQueue() {
        assertThat(parse(WILDCARD_IPV6).isEmpty()).isTrue();
        assertThat(parse(IPV4).isEmpty()).isFalse();
        assertThat(parse(FakeProc.row("0100007F:1F90", 1, 0, 2)).isEmpty()).isFalse();
        assertThat(parse(FakeProc.row("0100007F:1F90", 1, 1, 2)).isEmpty()).isFalse();
    }

    @Test
    void readsIpv6Addresses() {
        assertThat(parse(LOOPBACK_IPV6).address()).isEqualTo(new InetSocketAddress(Addresses.IPV6_LOOPBACK, 8080));
        assertThat(parse(WILDCARD_IPV6).address()).isEqualTo(new InetSocketAddress(Addresses.IPV6_WILDCARD, 8080));
    }

    @Test
    void readsMappedAddressesAsIpv4() {
        assertThat(parse(MAPPED).address()).isEqualTo(new InetSocketAddress(Addresses.IPV4_LOOPBACK, 8080));
    }

    @Test
    void matchesTheSameAddressInBothFamilies() {
        InetSocketAddress loopback = new InetSocketAddress(Addresses.IPV4_LOOPBACK, 8080);
        assertThat(parse(IPV4).matches(loopback)).isTrue();
        assertThat(parse(MAPPED).matches(loopback)).isTrue();
        assertThat(parse(LOOPBACK_IPV6).matches(loopback)).isFalse();
        assertThat(parse(WILDCARD_IPV6).matches(loopback)).isFalse();
    }

    @Test
    void matchesTheWildcardOfEitherFamilyWithAnyWildcard() {
        assertThat(parse(WILDCARD_IPV6).matches(new InetSocketAddress(Addresses.IPV4_WILDCARD, 8080)))
                .isTrue();
        assertThat(parse(WILDCARD_IPV6).matches(new InetSocketAddress(Addresses.IPV6_WILDCARD, 8080)))
                .isTrue();
        assertThat(parse(IPV4).matches(new InetSocketAddress(Addresses.IPV4_WILDCARD, 8080)))
                .isFalse();
    }

    @Test
    void doesNotMatchAnotherPort() {
        assertThat(parse(IPV4).matches(new InetSocketAddress(Addresses.IPV4_LOOPBACK, 8081)))
                .isFalse();
    }

    @Test
    void doesNotMatchAnAddressThatWasNotResolved() {
        assertThat(parse(IPV4).matches(InetSocketAddress.createUnresolved("localhost", 8080)))
                .isFalse();
    }

    @Test
    void distinguishesListeningSocketsFromOthers() {
        assertThat(ListenRow.isListening(ProcSelf.fields(IPV4))).isTrue();
        assertThat(ListenRow.isListening(ProcSelf.fields(IPV4.replace(" 0A ", " 01 "))))
                .isFalse();
        assertThat(ListenRow.isListening(List.of())).isFalse();
    }

    @Test
    void refusesALineOfAnotherFormat() {
        List<String> fields = ProcSelf.fields(IPV4.replace("178223", "inode"));
        assertThatIllegalArgumentException().isThrownBy(() -> ListenRow.parse(fields));
    }

    private static ListenRow parse(String line) {
        return ListenRow.parse(ProcSelf.fields(line));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every back end that calls the C library has to get right. */
@EnabledOnOs(OS.LINUX)
class SocketCallsTest {

    private static final int NO_DESCRIPTOR = -1;

    private static final int LOOPBACK_DEVICE = 1;

    @ParameterizedTest
    @MethodSource("backEnds")
    void readsBackWhatItSet(SocketCalls calls) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(Addresses.IPV4_LOOPBACK, 0));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            int fd = ListenSockets.find(ProcSelf.SYSTEM, address).own().get(0).fd();
            assertThat(calls.getInt(fd, SocketCalls.Option.SO_BINDTOIFINDEX)).isZero();
            calls.setInt(fd, SocketCalls.Option.SO_BINDTOIFINDEX, LOOPBACK_DEVICE);
            assertThat(calls.getInt(fd, SocketCalls.Option.SO_BINDTOIFINDEX)).isEqualTo(LOOPBACK_DEVICE);
        }
    }

    @ParameterizedTest
    @MethodSource("backEnds")
    void saysWhichCallFailedAndWhy(SocketCalls calls) {
        String badDescriptor = "error 9";
        assertThatIOException()
                .isThrownBy(() -> calls.setInt(NO_DESCRIPTOR, SocketCalls.Option.SO_BINDTOIFINDEX, LOOPBACK_DEVICE))
                .withMessage("setsockopt(SO_BINDTOIFINDEX) failed: " + badDescriptor);
        assertThatIOException()
                .isThrownBy(() -> calls.getInt(NO_DESCRIPTOR, SocketCalls.Option.SO_BINDTOIFINDEX))
                .withMessage("getsockopt(SO_BINDTOIFINDEX) failed: " + badDescriptor);
        assertThatIOException()
                .isThrownBy(() -> calls.attachSynFilter(NO_DESCRIPTOR))
                .withMessage("setsockopt(SO_ATTACH_FILTER) failed: " + badDescriptor);
        assertThatIOException()
                .isThrownBy(() -> calls.steer(NO_DESCRIPTOR, 0))
                .withMessage("setsockopt(SO_ATTACH_REUSEPORT_CBPF) failed: " + badDescriptor);
    }

    static List<SocketCalls> backEnds() throws ReflectiveOperationException {
        List<SocketCalls> calls = new ArrayList<>();
        calls.add(new JnaSocketCalls());
        if (Runtime.version().feature() >= ForeignSocketCalls.SINCE) {
            calls.add(new ForeignSocketCalls());
        }
        return calls;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.server.acceptqueue.linux.AcceptorThreads.State;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AcceptorThreadsTest {

    @Nested
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    class WithRealThreads {

        @Test
        void seesAThreadThatIsBlockedInAccept() throws Exception {
            try (TestServer server = TestServer.open()) {
                assertThat(AcceptorThreads.state(server.address())).isEqualTo(State.BUSY);
                assertThat(AcceptorThreads.isParked(server.address())).isFalse();
                server.startAcceptor();
                await().until(() -> AcceptorThreads.isParked(server.address()));
            }
        }

        @Test
        void seesThatTheAcceptorHandlesAConnection() throws Exception {
            CountDownLatch handedOn = new CountDownLatch(1);
            try (TestServer server = TestServer.open()) {
                server.beforeHandOn(handedOn);
                server.startAcceptor();
                await().until(() -> AcceptorThreads.isParked(server.address()));
                server.connect();
                await().until(() -> AcceptorThreads.state(server.address()) == State.BUSY);
                handedOn.countDown();
                await().until(() -> AcceptorThreads.isParked(server.address()));
            }
        }

        @Test
        void seesASelectorThatWatchesTheListener() throws Exception {
            try (ServerSocketChannel listener = ServerSocketChannel.open();
                    Selector selector = Selector.open()) {
                listener.bind(new InetSocketAddress(Addresses.IPV4_LOOPBACK, 0));
                InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
                listener.configureBlocking(false);
                Thread thread = selectOnce(selector);
                try {
                    await().until(() -> thread.getState() == Thread.State.RUNNABLE);
                    assertThat(AcceptorThreads.state(address)).isEqualTo(State.BUSY);
                    selector.wakeup();
                    thread.join();
                    listener.register(selector, SelectionKey.OP_ACCEPT);
                    Thread watching = selectOnce(selector);
                    await().until(() -> AcceptorThreads.isParked(address));
                    selector.wakeup();
                    watching.join();
                    assertThat(AcceptorThreads.state(address)).isEqualTo(State.BUSY);
                } finally {
                    selector.wakeup();
                }
            }
        }

        @Test
        void knowsNothingOfAListenerThatIsNotOurs() {
            assertThat(AcceptorThreads.state(new InetSocketAddress(Addresses.IPV4_LOOPBACK, 1)))
                    .isEqualTo(State.UNKNOWN);
        }

        private Thread selectOnce(Selector selector) {
            Thread thread = new Thread(() -> TestServer.unchecked(() -> selector.select()), "test-selector");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }
    }

    @Nested
    class WithAFakeKernel {

        private static final InetSocketAddress ADDRESS = new InetSocketAddress(8080);

        private FakeProc fake;

        @BeforeEach
        void create(@TempDir Path root) {
            this.fake = new FakeProc(root)
                    .listening(FakeProc.WILDCARD_8080, 70, 0, 1)
                    .descriptor(0x25, 70);
        }

        @Test
        void knowsTheNumbersOfX86() {
            assertThat(stateWith("43 0x25 0x0 0x0", "amd64")).isEqualTo(State.PARKED);
            assertThat(stateWith("288 0x25 0x0 0x0", "amd64")).isEqualTo(State.PARKED);
            assertThat(stateWith("202 0x25 0x0 0x0", "amd64")).isEqualTo(State.BUSY);
        }

        @Test
        void knowsTheNumbersOfArm() {
            assertThat(stateWith("202 0x25 0x0 0x0", "aarch64")).isEqualTo(State.PARKED);
            assertThat(stateWith("242 0x25 0x0 0x0", "aarch64")).isEqualTo(State.PARKED);
            assertThat(stateWith("43 0x25 0x0 0x0", "aarch64")).isEqualTo(State.BUSY);
        }

        @Test
        void knowsNoOtherArchitecture() {
            assertThat(WaitingCalls.of("s390x")).isEqualTo(Optional.empty());
        }

        @Test
        void doesNotTakeAnotherListenerForThisOne() {
            assertThat(stateWith("43 0x26 0x0 0x0", "amd64")).isEqualTo(State.BUSY);
        }

        @Test
        void takesARunningThreadForBusy() {
            assertThat(stateWith("running", "amd64")).isEqualTo(State.BUSY);
            assertThat(stateWith("-1 0x7ffc00000000 0x7f0000000000", "amd64")).isEqualTo(State.BUSY);
        }

        @Test
        void looksWhatAnEpollInstanceWatches() {
            this.fake.file("fdinfo/9", "pos:\t0\ntfd:       37 events:       19 data:  25  pos:0 ino:46 sdev:8\n");
            assertThat(stateWith("232 0x9 0x7f00 0x400", "amd64")).isEqualTo(State.PARKED);
            assertThat(stateWith("281 0x9 0x7f00 0x400", "amd64")).isEqualTo(State.PARKED);
            assertThat(stateWith("22 0x9 0x7f00 0x400", "aarch64")).isEqualTo(State.PARKED);
            assertThat(stateWith("232 0x8 0x7f00 0x400", "amd64")).isEqualTo(State.BUSY);
        }

        @Test
        void doesNotCountAWatchThatHasFired() {
            this.fake.file("fdinfo/9", "tfd:       37 events: 40000000 data:  25  pos:0 ino:46 sdev:8\n");
            assertThat(stateWith("232 0x9 0x7f00 0x400", "amd64")).isEqualTo(State.BUSY);
        }

        @Test
        void knowsNothingWhereNoThreadIsShown() {
            assertThat(AcceptorThreads.state(
                            ADDRESS, this.fake.proc(), WaitingCalls.of("amd64").orElseThrow()))
                    .isEqualTo(State.UNKNOWN);
        }

        private State stateWith(String systemCall, String architecture) {
            this.fake.thread(11, "202 0x7f00 0x80 0x0").thread(12, systemCall);
            return AcceptorThreads.state(
                    ADDRESS, this.fake.proc(), WaitingCalls.of(architecture).orElseThrow());
        }
    }
}

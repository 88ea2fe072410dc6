// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChannelEndTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final LingeringCloser closer = new LingeringCloser(new LingerLimits(LONG, LONG, 1 << 20, 10));

    private final LingerPolicy policy = new LingerPolicy(this.closer);

    private final List<Integer> awaitedMeanwhile = new ArrayList<>();

    private final List<Boolean> endedMeanwhile = new ArrayList<>();

    private final ChannelEnd end = new ChannelEnd(() -> this.policy, () -> {
        // Asked for right before the channel is handed over.
        lookMeanwhile();
        return null;
    });

    private Loopback loopback;

    @BeforeEach
    void open() throws IOException {
        this.loopback = Loopback.open();
    }

    @AfterEach
    void close() throws IOException {
        this.closer.close();
        this.loopback.close();
    }

    private void lookMeanwhile() {
        this.awaitedMeanwhile.add(this.policy.awaited());
        this.endedMeanwhile.add(this.end.isEnded());
    }

    /** A scan that looks between the two finds the connection nowhere else, and the drain would end and reset it. */
    @Test
    void aChannelThatExpectsInputIsAwaitedWithoutAGapUntilItsPeerCloses() throws IOException {
        this.end.expectInput();
        assertThat(this.policy.awaited()).isEqualTo(1);

        this.end.end(this.loopback.server, null);

        assertThat(this.awaitedMeanwhile).containsExactly(1);
        assertThat(this.endedMeanwhile).containsExactly(false);
        assertThat(this.end.isEnded()).isTrue();
        assertThat(this.policy.awaited()).isEqualTo(1);
        this.closer.abort();
        assertThat(this.policy.awaited()).isZero();
    }

    /** Jetty closes the channel itself where a selected key has no attachment, and with it the lingering close. */
    @Test
    void theKeyThatAPollerMayHaveSelectedKeepsItsAttachment() throws IOException {
        try (Selector selector = Selector.open()) {
            Object connection = new Object();
            this.loopback.server.configureBlocking(false);
            SelectionKey key = this.loopback.server.register(selector, SelectionKey.OP_READ, connection);
            ChannelEnd polled = new ChannelEnd(() -> this.policy, () -> selector);
            polled.expectInput();

            polled.end(this.loopback.server, null);

            assertThat(key.isValid()).isFalse();
            assertThat(key.attachment()).isSameAs(connection);
            assertThat(this.loopback.server.isOpen()).isTrue();
        }
    }

    @Test
    void aChannelThatEndsPlainlyIsNotAwaited() throws IOException {
        this.end.end(this.loopback.server, null);

        assertThat(this.policy.awaited()).isZero();
        assertThat(this.loopback.server.isOpen()).isFalse();
    }

    @Test
    void aChannelWhosePeerHasClosedIsAwaitedNoMore() throws IOException {
        this.end.expectInput();
        this.loopback.client.close();
        this.loopback.awaitEndOfClient();

        this.end.end(this.loopback.server, null);

        assertThat(this.policy.awaited()).isZero();
        assertThat(this.loopback.server.isOpen()).isFalse();
    }

    @Test
    void anAbortedChannelIsResetAndAwaitedNoMore() throws IOException {
        this.end.expectInput();
        this.end.abort();

        this.end.end(this.loopback.server, null);

        assertThat(this.policy.awaited()).isZero();
        assertThatIOException().isThrownBy(this.loopback::download);
    }

    @Test
    void expectingInputTwiceOrAfterTheEndCountsOnce() throws IOException {
        this.end.expectInput();
        this.end.expectInput();
        assertThat(this.policy.awaited()).isEqualTo(1);

        this.end.end(this.loopback.server, null);
        this.end.expectInput();

        assertThat(this.policy.awaited()).isEqualTo(1);
        assertThat(this.closer.awaited()).isEqualTo(1);
    }

    @Test
    void aPooledChannelBeginsAnew() throws IOException {
        this.end.expectInput();
        this.end.end(this.loopback.server, null);
        this.closer.abort();

        this.end.arm();

        assertThat(this.end.isEnded()).isFalse();
        assertThat(this.end.isInputExpected()).isFalse();
        this.end.expectInput();
        assertThat(this.policy.awaited()).isEqualTo(1);
    }

    @Test
    void withoutACloserAChannelIsClosedPlainly() throws IOException {
        LingerPolicy off = new LingerPolicy(LingeringCloser.OFF);
        ChannelEnd plain = new ChannelEnd(() -> off, () -> null);
        plain.expectInput();

        plain.end(this.loopback.server, null);

        assertThat(off.awaited()).isZero();
        assertThat(this.loopback.server.isOpen()).isFalse();
    }
}

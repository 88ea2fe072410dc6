// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limits of one connection, in a time that the test sets: idle after 50, over after 200 (nanoseconds). */
class LingeringConnectionTest {

    /** So that elapsed time is right only where it is found by subtraction. */
    private static final long START = Long.MAX_VALUE - 10;

    private static final LingerLimits LIMITS = new LingerLimits(Duration.ofNanos(50), Duration.ofNanos(200), 8, 1);

    private final LingerAccount.Tally tally = new LingerAccount.Tally();

    private final ByteBuffer buffer = ByteBuffer.allocate(64);

    private Loopback loopback;

    private LingeringConnection connection;

    @BeforeEach
    void open() throws IOException {
        this.loopback = Loopback.open();
        LingerAccount account = new LingerAccount(LIMITS, this.tally, true, START);
        this.connection = new LingeringConnection(this.loopback.server, account);
        this.tally.begin(true);
    }

    @AfterEach
    void close() throws IOException {
        this.loopback.close();
    }

    @Test
    void isIdleWhenNothingHasMovedForTheIdleTimeout() {
        assertThat(this.connection.expired(at(49))).isNull();
        assertThat(this.connection.nanosLeft(at(49))).isEqualTo(1);
        assertThat(this.connection.expired(at(50))).isEqualTo(LingerOutcome.IDLE_TIMEOUT);
    }

    @Test
    void aByteStartsTheIdleTimeoutAnew() throws IOException {
        this.connection.halfClose(null, START);
        receive(1, at(40));

        assertThat(this.connection.expired(at(89))).isNull();
        assertThat(this.connection.expired(at(90))).isEqualTo(LingerOutcome.IDLE_TIMEOUT);
    }

    @Test
    void nothingStartsTheTotalTimeoutAnew() throws IOException {
        this.connection.halfClose(null, START);
        receive(1, at(180));

        assertThat(this.connection.expired(at(199))).isNull();
        assertThat(this.connection.nanosLeft(at(199))).isEqualTo(1);
        assertThat(this.connection.expired(at(200))).isEqualTo(LingerOutcome.TIMEOUT);
    }

    @Test
    void aPeerThatEndsExactlyAtTheByteLimitHasClosed() throws IOException {
        this.connection.halfClose(null, START);
        receive(8, START);
        this.loopback.client.shutdownOutput();
        awaitReadable();

        assertThat(this.connection.proceed(this.buffer, 16, START)).isEqualTo(LingerOutcome.PEER_CLOSED);
    }

    @Test
    void oneByteMoreReachesTheByteLimit() throws IOException {
        this.connection.halfClose(null, START);
        receive(8, START);
        this.loopback.upload(100);
        awaitReadable();

        assertThat(this.connection.proceed(this.buffer, 16, START)).isEqualTo(LingerOutcome.BYTE_LIMIT);
        assertThat(this.tally.discardedBytes()).isEqualTo(9);
    }

    @Test
    void readsNoMoreOftenThanItsTurnAllows() throws IOException {
        this.connection.halfClose(null, START);
        this.loopback.upload(6);
        awaitReadable();

        assertThat(this.connection.proceed(ByteBuffer.allocate(1), 4, START)).isNull();
        assertThat(this.tally.discardedBytes()).isEqualTo(4);
    }

    @Test
    void noticesThatAStrangerHasClosedTheChannel() throws IOException {
        this.loopback.server.close();

        assertThat(this.connection.expired(START)).isEqualTo(LingerOutcome.ABORTED);
    }

    @Test
    void isCountedOnceHoweverOftenItEnds() {
        this.connection.end(LingerOutcome.TIMEOUT);
        this.connection.end(LingerOutcome.ABORTED);

        assertThat(this.tally.active()).isZero();
        assertThat(this.tally.awaited()).isZero();
        assertThat(this.tally.outcomes())
                .containsEntry(LingerOutcome.TIMEOUT, 1L)
                .containsEntry(LingerOutcome.ABORTED, 0L);
        assertThat(this.loopback.server.isOpen()).isFalse();
    }

    private static long at(long nanos) {
        return START + nanos;
    }

    private void receive(int bytes, long now) throws IOException {
        this.loopback.upload(bytes);
        awaitReadable();
        assertThat(this.connection.proceed(this.buffer, 16, now)).isNull();
        assertThat(this.tally.discardedBytes()).isEqualTo(bytes);
    }

    private void awaitReadable() throws IOException {
        try (var selector = this.loopback.server.provider().openSelector()) {
            this.loopback.server.register(selector, SelectionKey.OP_READ);
            assertThat(selector.select(10_000)).isEqualTo(1);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LingeringCloserTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private static final int RESPONSE_BYTES = 600_000;

    private static final int BODY_BYTES = 64 << 20;

    private static final int LAST_BYTES = 1 << 20;

    private Loopback loopback;

    private LingeringCloser closer = new LingeringCloser(new LingerLimits(LONG, LONG, 256 << 20, 10));

    @BeforeEach
    void open() throws IOException {
        LingerThreads.awaitNone();
        this.loopback = Loopback.open();
    }

    @AfterEach
    void close() throws IOException {
        this.closer.close();
        this.loopback.close();
    }

    @Test
    void aClientThatWritesAllBeforeItReadsGetsTheWholeResponse() throws IOException {
        respond();
        linger();

        this.loopback.upload(BODY_BYTES);

        assertThat(this.loopback.download()).hasSize(RESPONSE_BYTES);
        this.loopback.client.close();
        awaitOutcome(LingerOutcome.PEER_CLOSED);
        assertThat(this.closer.discardedBytes()).isEqualTo(BODY_BYTES);
    }

    /** The control of the test above. */
    @Test
    void withAPlainCloseThatClientLosesTheResponse() throws IOException {
        respond();
        this.loopback.server.close();

        assertThatIOException().isThrownBy(() -> this.loopback.upload(BODY_BYTES));
        assertThat(receivedBeforeTheEnd()).isLessThan(RESPONSE_BYTES);
    }

    @Test
    void theClientSeesTheEndAtOnceAndNotWhenTheLingeringIsOver() throws IOException {
        linger();

        assertThat(this.loopback.download()).isEmpty();
        assertThat(this.closer.active()).isEqualTo(1);
    }

    @Test
    void closesAsSoonAsThePeerCloses() throws IOException {
        linger();
        this.loopback.client.close();

        awaitOutcome(LingerOutcome.PEER_CLOSED);
    }

    @Test
    void closesOnTheCallersThreadWhenThePeerHasClosedBefore() throws IOException {
        this.loopback.client.close();
        this.loopback.awaitEndOfClient();

        linger();

        assertEnded(LingerOutcome.PEER_CLOSED);
        assertThat(LingerThreads.running()).isEmpty();
    }

    @Test
    void noticesAReset() throws IOException {
        linger();
        this.loopback.reset();

        awaitOutcome(LingerOutcome.PEER_RESET);
    }

    @Test
    void closesAtTheByteLimit() {
        this.closer = new LingeringCloser(new LingerLimits(LONG, LONG, 1 << 20, 10));
        linger();

        this.loopback.uploadEndlessly();

        awaitOutcome(LingerOutcome.BYTE_LIMIT);
        assertThat(this.closer.discardedBytes()).isEqualTo((1 << 20) + 1);
    }

    @Test
    void closesASilentPeerAtTheIdleLimit() {
        Duration idle = Duration.ofMillis(200);
        this.closer = new LingeringCloser(new LingerLimits(idle, LONG, 1, 10));
        long start = System.nanoTime();
        linger();

        awaitOutcome(LingerOutcome.IDLE_TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(idle, idle.plusSeconds(5));
    }

    @Test
    void theLimitsHoldForThoseThatComeAfterAllOthersHaveEnded() throws IOException {
        this.closer = new LingeringCloser(new LingerLimits(Duration.ofMillis(50), LONG, 1, 10));
        linger();
        awaitOutcome(LingerOutcome.IDLE_TIMEOUT);
        try (Loopback later = Loopback.open()) {
            this.closer.linger(later.server, null, true);

            await().untilAsserted(
                            () -> assertThat(this.closer.outcomes()).containsEntry(LingerOutcome.IDLE_TIMEOUT, 2L));
        }
    }

    @Test
    void closesATricklingPeerAtTheTotalLimit() throws IOException {
        AtomicLong clock = new AtomicLong(Long.MAX_VALUE);
        this.closer = new LingeringCloser(LingerLimits.DEFAULTS, clock::get, LONG);
        linger();

        for (int second = 0; second < 28; second += 4) {
            trickle();
            assertThat(this.closer.active()).isEqualTo(1);
            clock.addAndGet(Duration.ofSeconds(4).toNanos());
        }
        trickle();
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        trickle();

        awaitOutcome(LingerOutcome.TIMEOUT);
    }

    @Test
    void closesPlainlyWhatIsOverItsCapacity() throws IOException {
        this.closer = new LingeringCloser(new LingerLimits(LONG, LONG, 1, 1));
        linger();
        try (Loopback second = Loopback.open()) {
            this.closer.linger(second.server, null, true);

            assertThat(second.server.isOpen()).isFalse();
            assertThat(second.download()).isEmpty();
        }
        assertThat(this.closer.outcomes()).containsEntry(LingerOutcome.OVER_CAPACITY, 1L);
        assertThat(this.closer.active()).isEqualTo(1);
        assertThat(this.closer.awaited()).isEqualTo(1);
    }

    @Test
    void hasRoomAgainWhenOneHasEnded() throws IOException {
        this.closer = new LingeringCloser(new LingerLimits(LONG, LONG, 1, 1));
        linger();
        this.loopback.client.close();
        awaitOutcome(LingerOutcome.PEER_CLOSED);
        try (Loopback second = Loopback.open()) {
            this.closer.linger(second.server, null, true);

            assertThat(this.closer.active()).isEqualTo(1);
            assertThat(second.server.isOpen()).isTrue();
        }
    }

    @Test
    void countsThoseThatTheDrainWaitsForApart() throws IOException {
        linger();
        try (Loopback idle = Loopback.open()) {
            this.closer.linger(idle.server, null, false);

            assertThat(this.closer.active()).isEqualTo(2);
            assertThat(this.closer.awaited()).isEqualTo(1);
        }
    }

    @Test
    void abortClosesAllThatLinger() {
        linger();
        this.closer.abort();

        assertEnded(LingerOutcome.ABORTED);
        assertThat(this.loopback.server.isOpen()).isFalse();
        await().until(() -> LingerThreads.running().isEmpty());
    }

    @Test
    void whatComesAfterAnAbortIsClosedAtOnce() throws IOException {
        this.closer.abort();
        linger();

        assertEnded(LingerOutcome.ABORTED);
        assertThat(this.loopback.server.isOpen()).isFalse();
        assertThat(this.loopback.download()).isEmpty();
    }

    @Test
    void countsAChannelThatAStrangerHasClosed() throws IOException {
        this.closer = new LingeringCloser(new LingerLimits(Duration.ofMillis(100), LONG, 1, 10));
        linger();
        this.loopback.server.close();

        awaitOutcome(LingerOutcome.ABORTED);
    }

    @Test
    void containsWhatAClosedChannelThrows() throws IOException {
        this.loopback.server.close();
        linger();

        assertEnded(LingerOutcome.ABORTED);
    }

    @Test
    void bytesThatDidNotFitIntoTheSocketAreSentBeforeTheEnd() throws IOException {
        int before = this.loopback.fill();
        byte[] last = lastBytes();
        this.closer.linger(this.loopback.server, ByteBuffer.wrap(last), true);
        // A container takes its buffer back and uses it for the next connection.
        Arrays.fill(last, (byte) 0);

        assertThat(this.loopback.download()).hasSize(before + LAST_BYTES).endsWith('b', 'y', 'e');
        this.loopback.client.close();
        awaitOutcome(LingerOutcome.PEER_CLOSED);
    }

    @Test
    void aPeerThatHasOnlyClosedItsOwnSideStillGetsThem() throws IOException {
        int before = this.loopback.fill();
        this.loopback.client.shutdownOutput();
        this.loopback.awaitEndOfClient();
        this.closer.linger(this.loopback.server, ByteBuffer.wrap(lastBytes()), true);

        assertThat(this.loopback.download()).hasSize(before + LAST_BYTES).endsWith('b', 'y', 'e');
        awaitOutcome(LingerOutcome.PEER_CLOSED);
    }

    @Test
    void takesAChannelThatTheSelectorOfAContainerStillHolds() throws IOException {
        try (Selector foreign = Selector.open()) {
            SelectionKey key = this.loopback.server.register(foreign, SelectionKey.OP_READ);
            key.cancel();
            linger();
            this.loopback.upload(1000);
            this.loopback.client.close();

            awaitOutcome(LingerOutcome.PEER_CLOSED);
            assertThat(foreign.selectNow()).isZero();
            assertThat(foreign.keys()).isEmpty();
        }
    }

    @Test
    void closesAllThatContainersReadThemselvesThoughOneOfThemFails() {
        AtomicInteger closings = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            this.closer.admit(true, () -> {
                throw new IllegalStateException("closing " + closings.incrementAndGet());
            });
        }
        assertThatIllegalStateException().isThrownBy(this.closer::abort).withMessage("closing 1");
        assertThat(closings).hasValue(3);
        assertThat(this.closer.outcomes()).containsEntry(LingerOutcome.ABORTED, 3L);
    }

    @Test
    void closesPlainlyAndCountsNothingWhereItIsOff() {
        LingeringCloser.OFF.abort();
        LingeringCloser.OFF.renew();
        assertThat(LingeringCloser.OFF.isEnabled()).isFalse();
        assertThat(LingeringCloser.OFF.admit(true, () -> {})).isNull();

        LingeringCloser.OFF.linger(this.loopback.server, null, true);
        assertThat(this.loopback.server.isOpen()).isFalse();
        assertThat(LingeringCloser.OFF.outcomes().values()).containsOnly(0L);
        assertThat(LingerThreads.running()).isEmpty();
    }

    /** A thread that stays interrupted cannot wait in a select, and would use a whole processor. */
    @Test
    void doesNotStayInterruptedWhenOtherCodeInterruptsIt() throws IOException {
        linger();
        Thread thread = LingerThreads.running().get(0);
        thread.interrupt();

        await().until(() -> !thread.isInterrupted());
        this.loopback.client.close();
        awaitOutcome(LingerOutcome.PEER_CLOSED);
    }

    private void linger() {
        this.closer.linger(this.loopback.server, null, true);
    }

    /** More than what acknowledgements that are still under way can make room for. */
    private static byte[] lastBytes() {
        byte[] bytes = new byte[LAST_BYTES];
        byte[] end = "bye".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(end, 0, bytes, LAST_BYTES - end.length, end.length);
        return bytes;
    }

    private void respond() throws IOException {
        this.loopback.server.configureBlocking(true);
        this.loopback.server.write(ByteBuffer.allocate(RESPONSE_BYTES));
        this.loopback.server.configureBlocking(false);
    }

    private int receivedBeforeTheEnd() {
        int received = 0;
        try {
            while (this.loopback.client.getInputStream().read() != -1) {
                received++;
            }
        } catch (IOException ex) {
            // The reset; what counts is what came before it.
        }
        return received;
    }

    private void trickle() throws IOException {
        long before = this.closer.discardedBytes();
        this.loopback.upload(1);
        await().until(() -> this.closer.discardedBytes() > before);
    }

    private void awaitOutcome(LingerOutcome outcome) {
        await().atMost(Duration.ofSeconds(20)).until(() -> this.closer.active() == 0);
        assertEnded(outcome);
    }

    private void assertEnded(LingerOutcome outcome) {
        assertThat(this.closer.outcomes())
                .allSatisfy((each, count) -> assertThat(count).as(each.name()).isEqualTo((each == outcome) ? 1 : 0));
        assertThat(this.closer.active()).isZero();
        assertThat(this.closer.awaited()).isZero();
    }
}

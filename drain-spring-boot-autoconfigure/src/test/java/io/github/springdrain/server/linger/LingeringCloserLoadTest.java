// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LingeringCloserLoadTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private static final Path FILE_DESCRIPTORS = Path.of("/proc/self/fd");

    private final LingeringCloser closer =
            new LingeringCloser(new LingerLimits(LONG, LONG, Long.MAX_VALUE, 1000), System::nanoTime, Duration.ZERO);

    private final List<Loopback> connections = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        this.closer.close();
        for (Loopback connection : this.connections) {
            connection.close();
        }
    }

    @Test
    void anEndlessSenderDoesNotDelayFiveHundredOthers() throws Exception {
        Loopback endless = open();
        Thread sender = new Thread(endless::uploadEndlessly, "endless sender");
        sender.start();
        this.closer.linger(endless.server, null, true);
        for (int i = 0; i < 500; i++) {
            this.closer.linger(open().server, null, true);
        }
        await().until(() -> this.closer.discardedBytes() > 10 << 20);

        for (Loopback connection : this.connections.subList(1, 501)) {
            connection.client.close();
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> this.closer.active() == 1);
        assertThat(this.closer.outcomes()).containsEntry(LingerOutcome.PEER_CLOSED, 500L);
        this.closer.abort();
        sender.join(10_000);
        assertThat(sender.isAlive()).isFalse();
    }

    @Test
    void noFileDescriptorStaysOpen() throws IOException {
        assumeThat(FILE_DESCRIPTORS)
                .as("NOT TESTED HERE: leaks of file descriptors, which need %s (Linux)", FILE_DESCRIPTORS)
                .isDirectory();
        try (Selector foreign = Selector.open()) {
            long before = fileDescriptors();
            for (int i = 0; i < 50; i++) {
                lingerInEveryWay(foreign);
            }
            await().until(() -> this.closer.active() == 50);
            this.closer.close();
            for (Loopback aborted : this.connections) {
                aborted.client.close();
            }
            // What a container's poller does anyway: the JDK leaves the last step of a close to the last selector.
            foreign.selectNow();

            // Fewer where something of another test was on its way out.
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(fileDescriptors()).isLessThanOrEqualTo(before));
        }
    }

    /** One that its peer closes, one that its peer resets, one with bytes left, and one that is aborted in the end. */
    private void lingerInEveryWay(Selector foreign) throws IOException {
        Loopback closed = held(foreign);
        this.closer.linger(closed.server, null, true);
        closed.client.close();
        Loopback reset = held(foreign);
        this.closer.linger(reset.server, null, true);
        reset.reset();
        Loopback filled = held(foreign);
        filled.fill();
        this.closer.linger(filled.server, ByteBuffer.allocate(10), true);
        filled.client.close();
        Loopback aborted = held(foreign);
        this.closer.linger(aborted.server, null, true);
        this.connections.add(aborted);
    }

    private static Loopback held(Selector foreign) throws IOException {
        Loopback loopback = Loopback.open();
        loopback.server.register(foreign, SelectionKey.OP_READ).cancel();
        return loopback;
    }

    private Loopback open() throws IOException {
        Loopback loopback = Loopback.open();
        this.connections.add(loopback);
        return loopback;
    }

    private static long fileDescriptors() {
        try (Stream<Path> entries = Files.list(FILE_DESCRIPTORS)) {
            return entries.count();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}

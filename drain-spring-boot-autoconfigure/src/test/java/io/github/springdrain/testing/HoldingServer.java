// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A real server that responds with {@code ok} at once, and to {@code /hold} only when the test lets it. */
public abstract class HoldingServer implements AutoCloseable {

    private static final AcceptQueueLimits QUEUE =
            new AcceptQueueLimits(Duration.ofSeconds(30), Duration.ofMillis(100));

    private final LingeringCloser closer;

    private final CountDownLatch held = new CountDownLatch(1);

    private final CountDownLatch release = new CountDownLatch(1);

    private final CountDownLatch interrupted = new CountDownLatch(1);

    protected HoldingServer() {
        this(LingerLimits.DEFAULTS);
    }

    protected HoldingServer(LingerLimits limits) {
        this.closer = new LingeringCloser(limits);
    }

    /** The container as the drain sees it. */
    public abstract DrainableServer server();

    public abstract int port();

    /** Stops and starts the container, as Boot does with a web server. */
    public abstract void restart() throws Exception;

    /** Stops the container for good. */
    protected abstract void stop();

    /** For the container's handler: comes back at once, or when the test lets {@code /hold} go. */
    protected final void serve(String path) throws IOException {
        if (!path.equals("/hold")) {
            return;
        }
        this.held.countDown();
        try {
            if (!this.release.await(30, TimeUnit.SECONDS)) {
                throw new IOException("The test never let go");
            }
        } catch (InterruptedException ex) {
            this.interrupted.countDown();
            throw new IOException(ex);
        }
    }

    public final LingeringCloser closer() {
        return this.closer;
    }

    public final void awaitHeld() throws InterruptedException {
        assertThat(this.held.await(30, TimeUnit.SECONDS)).isTrue();
    }

    public final void release() {
        this.release.countDown();
    }

    public final void awaitInterrupted() throws InterruptedException {
        assertThat(this.interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    }

    public final Socket connect() throws IOException {
        return RawHttp.connect(port());
    }

    /** Takes the drain up to the closed listeners. */
    public final AcceptQueueOutcome closeListeners() {
        server().announce(1);
        AcceptQueueOutcome outcome = server().emptyAcceptQueue(QUEUE, Duration.ofSeconds(40));
        server().closeListeners(Duration.ofSeconds(5));
        return outcome;
    }

    public final List<ConnectionState> states() {
        return server().connections().stream().map(ConnectionSnapshot::state).toList();
    }

    public final void awaitStates(ConnectionState... expected) {
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(states()).containsExactlyInAnyOrder(expected));
    }

    public final List<RequestSnapshot> requests() {
        return server().connections().stream()
                .flatMap((connection) -> connection.requests().stream())
                .toList();
    }

    @Override
    public final void close() {
        release();
        stop();
        this.closer.close();
    }
}

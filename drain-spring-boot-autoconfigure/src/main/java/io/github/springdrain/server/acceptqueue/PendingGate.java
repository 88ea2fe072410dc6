package io.github.springdrain.server.acceptqueue;

import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A gate that is being probed on a thread of its own, so that the start of the application does not wait for it.
 * Thread-safe.
 */
final class PendingGate {

    private static final long BOUND_MILLIS = 2000;

    private final CompletableFuture<ListenerGate> gate = new CompletableFuture<>();

    private PendingGate() {}

    /**
     * Begins to find out how well accept queues can be emptied here.
     *
     * @param found is told, on the probing thread, what was found
     */
    public static PendingGate probe(ListenerGate.Mode mode, Consumer<ListenerGate> found) {
        PendingGate pending = new PendingGate();
        Thread thread = new Thread(() -> pending.run(mode, found), "drain-gate-probe");
        thread.setDaemon(true);
        thread.start();
        return pending;
    }

    private void run(ListenerGate.Mode mode, Consumer<ListenerGate> found) {
        ListenerGate result = ListenerGate.probe(mode);
        this.gate.complete(result);
        found.accept(result);
    }

    /** The gate; the weakest one where the probe has not come to an end within two seconds. */
    public ListenerGate get() {
        try {
            return this.gate.get(BOUND_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return ListenerGate.probe(ListenerGate.Mode.OFF);
        } catch (ExecutionException | TimeoutException ex) {
            return ListenerGate.probe(ListenerGate.Mode.OFF);
        }
    }
}

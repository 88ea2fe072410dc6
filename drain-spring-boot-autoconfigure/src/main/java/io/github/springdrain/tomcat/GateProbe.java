package io.github.springdrain.tomcat;

import io.github.springdrain.kernel.ListenerGate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out, beside the start of the application, how well the accept queue can be emptied here. */
final class GateProbe {

    private static final Logger logger = LoggerFactory.getLogger(GateProbe.class);

    private static final long BOUND_MILLIS = 2000;

    private final CompletableFuture<ListenerGate> gate = new CompletableFuture<>();

    GateProbe(ListenerGate.Mode mode) {
        Thread thread = new Thread(
                () -> {
                    ListenerGate found = ListenerGate.probe(mode);
                    logger.info(
                            "Accept queue of Tomcat: {} {} ({})",
                            found.level(),
                            found.level().description(),
                            found.reason());
                    this.gate.complete(found);
                },
                "drain-gate-probe");
        thread.setDaemon(true);
        thread.start();
    }

    /** The gate; the weakest one where the probe has not come to an end within two seconds. */
    ListenerGate gate() {
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

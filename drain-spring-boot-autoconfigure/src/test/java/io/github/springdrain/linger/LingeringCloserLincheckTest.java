package io.github.springdrain.linger;

import java.util.Objects;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The one count that decides whether a drain is over beside the scans of connections: how many lingering connections it
 * still waits for. Hunts for a connection that is counted in or out twice, or not at all. One
 * beyond the limit is counted for a moment before it is turned away, so the limit is out of reach here.
 */
public class LingeringCloserLincheckTest {

    private final LingeringCloser closer = new LingeringCloser(
            new LingerLimits(LingerLimits.DEFAULTS.idleTimeout(), LingerLimits.DEFAULTS.timeout(), 1024, 4));

    private final LingerAccount first = Objects.requireNonNull(this.closer.admit(true, () -> {}));

    private final LingerAccount second = Objects.requireNonNull(this.closer.admit(false, () -> {}));

    @Operation
    public boolean admitAwaited() {
        return this.closer.admit(true, () -> {}) != null;
    }

    @Operation(runOnce = true)
    public void firstIsClosedByItsPeer() {
        this.closer.release(this.first, LingerOutcome.PEER_CLOSED);
    }

    @Operation(runOnce = true)
    public void secondReachesItsLimit() {
        this.closer.release(this.second, LingerOutcome.TIMEOUT);
    }

    @Operation
    public int awaited() {
        return this.closer.awaited();
    }

    @Test
    void countsEachConnectionOnce() {
        new ModelCheckingOptions()
                .iterations(15)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .check(LingeringCloserLincheckTest.class);
    }
}

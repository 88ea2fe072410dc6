// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.server.DrainClock;
import java.time.Duration;
import java.time.Instant;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Start, join, resume, the drain's own step past the announcement and the registration of listeners, in every order of
 * several threads. Hunts for a trigger that starts a second drain beside the first, for a resume that is granted after
 * the gate was set, and for a step past the announcement of a drain that was resumed.
 */
@Tag("lincheck")
public class DrainLincheckTest {

    private final DrainEngine drain = new DrainEngine(DrainSettings.DEFAULTS, new FrozenClock(), (sequence) -> {});

    /** Returns the trigger of the drain that was started or joined: one that joins sees the first. */
    @Operation
    public DrainTrigger closeContext() {
        return this.drain.start(DrainTrigger.CONTEXT_CLOSE).trigger();
    }

    @Operation
    public DrainTrigger callEndpoint() {
        return this.drain.start(DrainTrigger.ENDPOINT).trigger();
    }

    @Operation
    public String resume() {
        try {
            this.drain.leaveForResume();
            return "resumed";
        } catch (IllegalStateException ex) {
            return "refused";
        }
    }

    /** What the drain's thread does at the end of the announcement. */
    @Operation
    public boolean setGate() {
        StartedDrain run = this.drain.current();
        return run != null && run.leaveAnnounced(DrainPhase.EMPTYING_ACCEPT_QUEUE);
    }

    @Operation
    public DrainPhase phase() {
        return this.drain.phase();
    }

    @Operation
    public void addListener() {
        this.drain.addListener(new DrainListener() {});
    }

    @Test
    void holdsUnderModelChecking() {
        new ModelCheckingOptions()
                .iterations(Integer.getInteger("lincheck.iterations", 3))
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .check(DrainLincheckTest.class);
    }

    @Test
    void holdsUnderStress() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .check(DrainLincheckTest.class);
    }

    private static final class FrozenClock implements DrainClock {

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void pause(long nanos) {
            throw new IllegalStateException("Nothing waits here, not even " + Duration.ofNanos(nanos));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ReadinessState;

/**
 * An overloaded application and a closing context publish at the same time. Hunts for a state that is kept with what
 * came before another one: the drain would accept traffic for an application that refuses it.
 */
@Tag("lincheck")
public class ReadinessHistoryLincheckTest {

    private static final Object CONTEXT = "context";

    private static final Object APPLICATION = "application";

    private final ReadinessHistory history = new ReadinessHistory();

    @Operation
    public void applicationRefuses() {
        this.history.add(ReadinessState.REFUSING_TRAFFIC, APPLICATION);
    }

    @Operation
    public void applicationAccepts() {
        this.history.add(ReadinessState.ACCEPTING_TRAFFIC, APPLICATION);
    }

    @Operation
    public void contextRefuses() {
        this.history.add(ReadinessState.REFUSING_TRAFFIC, CONTEXT);
    }

    @Operation
    public boolean isRefusedOnlyByContext() {
        return this.history.isRefusedOnlyBy(CONTEXT);
    }

    @Test
    void holdsUnderModelChecking() {
        new ModelCheckingOptions()
                .iterations(15)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .check(ReadinessHistoryLincheckTest.class);
    }
}

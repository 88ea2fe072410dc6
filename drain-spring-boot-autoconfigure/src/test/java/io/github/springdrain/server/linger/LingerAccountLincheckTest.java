// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The one count that decides whether a drain is over beside the scans of connections: how many lingering connections it
 * still waits for. Hunts for a connection that is counted in or out twice, or not at all, although two threads end it.
 */
@Tag("lincheck")
public class LingerAccountLincheckTest {

    private final LingerAccount.Tally tally = new LingerAccount.Tally();

    private final LingerAccount account = new LingerAccount(LingerLimits.DEFAULTS, this.tally, true, 0);

    public LingerAccountLincheckTest() {
        this.tally.begin(true);
    }

    @Operation
    public int anotherBegins() {
        return this.tally.begin(true);
    }

    /** What a peer's FIN, a limit and an abort do, each on a thread of its own. */
    @Operation
    public boolean end() {
        boolean first = this.account.end();
        if (first) {
            this.account.count(LingerOutcome.PEER_CLOSED);
        }
        return first;
    }

    @Operation
    public boolean isNeverNegative() {
        return this.tally.awaited() >= 0;
    }

    @Test
    void countsEachConnectionOnce() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(2)
                .check(LingerAccountLincheckTest.class);
    }
}

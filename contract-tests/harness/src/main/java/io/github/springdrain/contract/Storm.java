// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/** Clients that open new connections at full rate, with one request each. */
public interface Storm extends AutoCloseable {

    /** Lets them go, counting from zero. */
    void begin();

    /** What has come of it since {@link #begin()}. */
    StormTally tally();

    /** Ends it when every exchange under way is over, and returns what came of all of them. */
    StormTally end();

    @Override
    void close();
}

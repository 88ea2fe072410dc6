// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

/**
 * How much of it.
 *
 * @param requests requests in all
 * @param restarts restarts among which they are spread
 */
record Size(long requests, int restarts) {

    /** How many fewer requests the control and the runs with TLS get. */
    private static final int FRACTION = 10;

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if there is nothing to do, or less than a request for each restart
     */
    Size {
        if (restarts < 1 || requests < restarts) {
            throw new IllegalArgumentException(
                    "proof.requests is %d and proof.restarts is %d (expected: at least one restart, and one request for each)"
                            .formatted(requests, restarts));
        }
    }

    long requestsPerRestart() {
        return this.requests / this.restarts;
    }

    /** A tenth, with as many requests for each restart. */
    Size tenth() {
        int fewer = Math.max(1, this.restarts / FRACTION);
        return new Size(requestsPerRestart() * fewer, fewer);
    }
}

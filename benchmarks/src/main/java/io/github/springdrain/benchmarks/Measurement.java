// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import java.time.Duration;

/**
 * One round on one server.
 *
 * @param requests how many responses came
 * @param elapsed how long that took
 * @param serverCpu the processor time the server spent meanwhile
 */
record Measurement(long requests, Duration elapsed, Duration serverCpu) {

    double requestsPerSecond() {
        return this.requests * 1e9 / this.elapsed.toNanos();
    }

    double cpuMicrosPerRequest() {
        return this.serverCpu.toNanos() / 1e3 / this.requests;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;

/**
 * What was seen of a server that went while it was probed; moments as {@link System#nanoTime()}.
 *
 * @param output what it has logged
 * @param trafficEndNanos when the last ordinary request that came in after the announcement
 * @param closingNanos when the announcement was over
 * @param probes health checks on connections of their own between these two moments
 * @param halfHead how long half a head of a health check was waited for, from when the drain let requests end
 * @param work the request that was under way over HTTP/1.1
 * @param workStream the request that was under way over HTTP/2
 * @param drainedNanos when the drain was over
 * @param exit the end of the process
 */
record ProbeObservations(
        ProcessOutput output,
        long trafficEndNanos,
        long closingNanos,
        int probes,
        Duration halfHead,
        TimedResponse work,
        Http2Stream workStream,
        long drainedNanos,
        ChildProcess.Exit exit) {

    /** How long the announcement went on after the last ordinary request. */
    Duration quiet() {
        return Duration.ofNanos(this.closingNanos - this.trafficEndNanos);
    }

    /** When the last work had its response. */
    private long lastResponseNanos() {
        return Math.max(this.work.atNanos(), this.workStream.endedAtNanos());
    }

    /** From the last response to work until the drain was over. */
    Duration drainedAfterWork() {
        return Duration.ofNanos(this.drainedNanos - lastResponseNanos());
    }

    /** From the last response to work until the process was gone. */
    Duration goneAfterWork() {
        return this.exit.since(lastResponseNanos());
    }
}

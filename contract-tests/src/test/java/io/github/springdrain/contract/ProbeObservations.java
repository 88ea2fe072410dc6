package io.github.springdrain.contract;

import java.time.Duration;

/**
 * What was seen of a server that went while it was probed; moments as {@link System#nanoTime()}.
 *
 * @param output what it has logged
 * @param trafficEndNanos when the last ordinary request was answered that came in after the announcement
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

    /** When the last work was answered. */
    private long lastAnswerNanos() {
        return Math.max(this.work.atNanos(), this.workStream.endedAtNanos());
    }

    /** From the last answer to work until the drain was over. */
    Duration drainedAfterWork() {
        return Duration.ofNanos(this.drainedNanos - lastAnswerNanos());
    }

    /** From the last answer to work until the process was gone. */
    Duration goneAfterWork() {
        return this.exit.since(lastAnswerNanos());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ProcessOutput;
import java.time.Duration;
import java.util.List;

/**
 * What happened when the scenario was played.
 *
 * @param drain whether the drain was on
 * @param arguments what the sample was started with
 * @param beganAtNanos when the load began, as {@link System#nanoTime()}
 * @param signalAtNanos when SIGTERM was sent
 * @param queuedAtSignal connections in the kernel's accept queue at that moment
 * @param exit the end of the process
 * @param attempts everything the clients tried
 * @param output everything the process logged
 */
record DemoRun(
        boolean drain,
        List<String> arguments,
        long beganAtNanos,
        long signalAtNanos,
        int queuedAtSignal,
        ChildProcess.Exit exit,
        List<Attempt> attempts,
        List<ProcessOutput.Line> output) {

    String name() {
        return this.drain ? "drain on" : "drain off";
    }

    long count(ClientKind kind, Result result) {
        return this.attempts.stream()
                .filter((attempt) -> attempt.kind() == kind && attempt.result() == result)
                .count();
    }

    long complete() {
        return this.attempts.stream()
                .filter((attempt) -> attempt.result() == Result.COMPLETE)
                .count();
    }

    long lost() {
        return this.attempts.stream()
                .filter((attempt) -> attempt.result().isLost())
                .count();
    }

    /** From SIGTERM to the end of the process. */
    Duration exitAfterSignal() {
        return this.exit.since(this.signalAtNanos);
    }

    /** From the last complete response to the end of the process. */
    Duration exitAfterLastResponse() {
        long last = this.attempts.stream()
                .filter((attempt) -> attempt.result() == Result.COMPLETE)
                .mapToLong((attempt) -> attempt.endedAtNanos() - this.signalAtNanos)
                .max()
                .orElse(0);
        return exitAfterSignal().minusNanos(last);
    }

    /** What the process logged from SIGTERM on. */
    ShutdownLog shutdownLog() {
        return ShutdownLog.of(this.output, this.signalAtNanos);
    }
}

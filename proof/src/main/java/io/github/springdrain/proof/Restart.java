// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.SampleProcess;
import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process that was started, put under load, and told to end while the load went on.
 *
 * @param tally what its clients saw
 * @param connectionsPerSecond new connections a second right before SIGTERM
 * @param exit from SIGTERM to the end of the process
 * @param account what the drain says of itself; empty where there was none
 */
record Restart(Tally tally, double connectionsPerSecond, Duration exit, Optional<Account> account) {

    private static final Duration LOAD_LIMIT = Duration.ofMinutes(5);

    private static final Duration RATE_TIME = Duration.ofMillis(500);

    private static final Duration EXIT_LIMIT = Duration.ofSeconds(60);

    /** Does it once, and sends SIGTERM when {@code requests} are complete. */
    static Restart of(Variant variant, boolean tls, boolean starter, long requests) {
        List<String> arguments = List.of("--server.drain.enabled=" + starter);
        try (SampleProcess server = SampleProcess.of(variant)
                        .image(true)
                        .tls(tls)
                        .with(arguments)
                        .start();
                Load load = Load.begin(server.client())) {
            load.awaitComplete(requests, LOAD_LIMIT);
            double rate = load.connectionsPerSecond(RATE_TIME);
            long signal = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(EXIT_LIMIT);
            Tally tally = load.awaitRefused();
            return new Restart(
                    tally,
                    rate,
                    exit.since(signal),
                    Account.in(server.output().lines((line) -> line.contains(Account.MARK))));
        }
    }
}

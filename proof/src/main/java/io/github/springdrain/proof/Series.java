// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Many restarts of one variant.
 *
 * @param variant the sample
 * @param tls whether it speaks TLS
 * @param starter whether the starter was switched on
 * @param restarts what came of each
 */
record Series(Variant variant, boolean tls, boolean starter, List<Restart> restarts) {

    /** Restarts the variant again and again, and shows after each time what there is so far. */
    static Series of(Variant variant, boolean tls, boolean starter, Size size, Consumer<Series> progress) {
        List<Restart> restarts = new ArrayList<>();
        for (int i = 1; i <= size.restarts(); i++) {
            restarts.add(Restart.of(variant, tls, starter, size.requestsPerRestart()));
            progress.accept(new Series(variant, tls, starter, List.copyOf(restarts)));
        }
        return new Series(variant, tls, starter, restarts);
    }

    /** What it is called. */
    String name() {
        return "%s, %s, %s"
                .formatted(this.variant.id(), this.tls ? "TLS" : "plain", this.starter ? "starter" : "plain Boot");
    }

    /** What the clients of all restarts saw. */
    Tally tally() {
        Tally sum = new Tally();
        this.restarts.forEach((restart) -> sum.add(restart.tally()));
        return sum;
    }

    /** What was lost, with the restart at which it was. */
    List<String> losses() {
        List<String> losses = new ArrayList<>();
        for (int i = 0; i < this.restarts.size(); i++) {
            Tally tally = this.restarts.get(i).tally();
            if (tally.lost() > 0) {
                losses.add("%s, restart %d: %s".formatted(name(), i + 1, tally.losses()));
            }
        }
        return losses;
    }

    /** New connections a second right before SIGTERM, in the middle of all restarts. */
    double medianConnectionsPerSecond() {
        List<Double> sorted = this.restarts.stream()
                .map(Restart::connectionsPerSecond)
                .sorted()
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    /** From SIGTERM to the end of the process, in the middle of all restarts. */
    Duration medianExit() {
        List<Duration> sorted =
                this.restarts.stream().map(Restart::exit).sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** From SIGTERM to the end of the process, at its longest. */
    Duration longestExit() {
        return this.restarts.stream()
                .map(Restart::exit)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Restarts whose drain says that everything ran to its end. */
    long graceful() {
        return accounts().stream().filter(Account::graceful).count();
    }

    /** Connections that the drains say they rescued from the accept queue. */
    long rescued() {
        return accounts().stream().mapToLong(Account::rescued).sum();
    }

    /** Connections that the drains say they aborted. */
    long aborted() {
        return accounts().stream().mapToLong(Account::aborted).sum();
    }

    private List<Account> accounts() {
        return this.restarts.stream()
                .map(Restart::account)
                .flatMap(Optional::stream)
                .toList();
    }
}

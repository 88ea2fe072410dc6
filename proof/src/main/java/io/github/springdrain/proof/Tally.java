// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import io.github.springdrain.contract.Outcome;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How many exchanges of which kind of client ended how. Thread-safe. */
final class Tally {

    private final Map<ClientKind, Map<Outcome, LongAdder>> counts = new EnumMap<>(ClientKind.class);

    Tally() {
        for (ClientKind kind : ClientKind.values()) {
            Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                outcomes.put(outcome, new LongAdder());
            }
            this.counts.put(kind, outcomes);
        }
    }

    void add(ClientKind kind, Outcome outcome) {
        counter(kind, outcome).increment();
    }

    void add(Tally other) {
        for (ClientKind kind : ClientKind.values()) {
            for (Outcome outcome : Outcome.values()) {
                counter(kind, outcome).add(other.count(kind, outcome));
            }
        }
    }

    long count(ClientKind kind, Outcome outcome) {
        return counter(kind, outcome).sum();
    }

    /** Exchanges that ended so, of clients of all kinds. */
    long count(Outcome outcome) {
        return Arrays.stream(ClientKind.values())
                .mapToLong((kind) -> count(kind, outcome))
                .sum();
    }

    /** Exchanges of one kind of client that had a connection. */
    long requests(ClientKind kind) {
        return Arrays.stream(Outcome.values())
                .filter((outcome) -> outcome != Outcome.REFUSED)
                .mapToLong((outcome) -> count(kind, outcome))
                .sum();
    }

    /** Exchanges that had a connection. */
    long requests() {
        return Arrays.stream(ClientKind.values()).mapToLong(this::requests).sum();
    }

    /** Exchanges of one kind of client that had a connection and did not get the response that was due. */
    long lost(ClientKind kind) {
        return requests(kind) - count(kind, Outcome.COMPLETE);
    }

    /** Exchanges that had a connection and did not get the response that was due. */
    long lost() {
        return requests() - count(Outcome.COMPLETE);
    }

    /** What was lost, as {@code uploads: RESET 3, TIMEOUT 1}; empty if nothing was. */
    String losses() {
        return Arrays.stream(ClientKind.values())
                .filter((kind) -> lost(kind) > 0)
                .map((kind) -> kind.label() + ": " + losses(kind))
                .collect(Collectors.joining("; "));
    }

    /** What one kind of client lost, as {@code RESET 3, TIMEOUT 1}; empty if nothing was. */
    String losses(ClientKind kind) {
        return Arrays.stream(Outcome.values())
                .filter((outcome) -> outcome != Outcome.COMPLETE && outcome != Outcome.REFUSED)
                .filter((outcome) -> count(kind, outcome) > 0)
                .map((outcome) -> outcome + " " + count(kind, outcome))
                .collect(Collectors.joining(", "));
    }

    private LongAdder counter(ClientKind kind, Outcome outcome) {
        return Objects.requireNonNull(
                Objects.requireNonNull(this.counts.get(kind)).get(outcome));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the results prove what they are for: nothing fails with the starter, and something without.
 *
 * @param proven whether they do
 * @param sentences why not, or what was proven
 */
record Verdict(boolean proven, List<String> sentences) {

    static Verdict of(List<Result> results) {
        List<String> faults = new ArrayList<>();
        for (Result result : results) {
            if (result.isPromised() && result.tally().failed() > 0) {
                faults.add("%s: %d requests failed (%s)"
                        .formatted(
                                result.name(),
                                result.tally().failed(),
                                result.tally().failuresText()));
            }
            result.faults().forEach((fault) -> faults.add(result.name() + ": " + fault));
        }
        long controls = results.stream()
                .filter((result) -> !result.strategy().isStarter())
                .mapToLong((result) -> result.tally().failed())
                .sum();
        if (controls == 0) {
            faults.add("Without the starter nothing failed either, so it controls nothing");
        }
        return faults.isEmpty()
                ? new Verdict(true, List.of(summary(results, controls)))
                : new Verdict(false, List.copyOf(faults));
    }

    private static String summary(List<Result> results, long controls) {
        return "With the starter 0 of %d requests failed, without it %d of %d."
                .formatted(
                        results.stream()
                                .filter(Result::isPromised)
                                .mapToLong((result) -> result.tally().requests())
                                .sum(),
                        controls,
                        results.stream()
                                .filter((result) -> !result.strategy().isStarter())
                                .mapToLong((result) -> result.tally().requests())
                                .sum());
    }
}

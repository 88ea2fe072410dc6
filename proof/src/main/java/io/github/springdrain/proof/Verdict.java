// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the series prove what they are for: nothing is lost with the starter, and something without.
 *
 * @param proven whether they do
 * @param sentences why not, or what was proven
 */
record Verdict(boolean proven, List<String> sentences) {

    static Verdict of(List<Series> all) {
        List<String> faults = new ArrayList<>();
        for (Series series : all) {
            if (series.starter()) {
                faults.addAll(series.losses());
                faults.addAll(account(series));
            } else if (series.tally().lost() == 0) {
                faults.add(series.name() + ": nothing was lost either, so it controls nothing");
            }
        }
        return faults.isEmpty() ? new Verdict(true, List.of(summary(all))) : new Verdict(false, List.copyOf(faults));
    }

    /** The drain's own account has to say what the clients say. */
    private static List<String> account(Series series) {
        long others = series.restarts().size() - series.graceful();
        return (others > 0 || series.aborted() > 0)
                ? List.of("%s: %d drains were not graceful, %d connections aborted"
                        .formatted(series.name(), others, series.aborted()))
                : List.of();
    }

    private static String summary(List<Series> all) {
        return "With the starter 0 of %d requests were lost over %d restarts, without it %d of %d."
                .formatted(
                        all.stream()
                                .filter(Series::starter)
                                .mapToLong((series) -> series.tally().requests())
                                .sum(),
                        all.stream()
                                .filter(Series::starter)
                                .mapToInt((series) -> series.restarts().size())
                                .sum(),
                        all.stream()
                                .filter((series) -> !series.starter())
                                .mapToLong((series) -> series.tally().lost())
                                .sum(),
                        all.stream()
                                .filter((series) -> !series.starter())
                                .mapToLong((series) -> series.tally().requests())
                                .sum());
    }
}

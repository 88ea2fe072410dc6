// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a system property selects, by names with commas between them. */
public final class Selection {

    private Selection() {}

    /**
     * Those of {@code all} whose names the property has, in their order; all where it is empty.
     *
     * @throws IllegalArgumentException if it has another name, or one twice
     */
    public static <T> List<T> of(String property, List<T> all, Function<? super T, String> name) {
        String names = System.getProperty(property, "");
        if (names.isBlank()) {
            return all;
        }
        List<String> wanted = List.of(names.split(","));
        List<T> selected =
                all.stream().filter((each) -> wanted.contains(name.apply(each))).toList();
        if (selected.size() != wanted.size()) {
            throw new IllegalArgumentException("%s is '%s' (expected: some of %s, with commas between them)"
                    .formatted(property, names, all.stream().map(name).collect(Collectors.joining(", "))));
        }
        return selected;
    }
}

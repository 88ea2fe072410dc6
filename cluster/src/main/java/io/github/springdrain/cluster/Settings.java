// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.github.springdrain.contract.Variant;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to do, as the system properties say.
 *
 * @param confirmed the context that may be used
 * @param variant the sample that is run
 * @param jdks the JDKs that images are made with: feature release and, where the base is this host, its home; the first is
 *     the one for everything that does not compare JDKs
 * @param base the image that images are based on, with {@code %s} for the feature release, or {@link #HOST}
 * @param registry where images are pushed to; empty to write archives
 * @param load the command that loads an archive, whose name is its last argument; empty for the one of the context
 * @param scenarios what happens to pods
 * @param strategies how pods are made
 * @param rounds how often each is done
 * @param clients how many times the usual number of clients there are
 * @param manifests the folder of the manifests
 * @param output the folder that is written to
 */
record Settings(
        String confirmed,
        Variant variant,
        Map<String, String> jdks,
        String base,
        String registry,
        List<String> load,
        List<Scenario> scenarios,
        List<Strategy> strategies,
        int rounds,
        int clients,
        Path manifests,
        Path output) {

    /** The value of {@code cluster.base} with which this host's own libraries and JDKs are the base. */
    static final String HOST = "host";

    /** Reads them; {@code property} has the value of a name, or an empty text. */
    static Settings of(UnaryOperator<String> property) {
        return new Settings(
                property.apply("cluster.confirm"),
                variant(or(property, "cluster.variant", "boot4-tomcat")),
                jdks(or(property, "cluster.jdks", "17,25")),
                or(property, "cluster.base", "eclipse-temurin:%s-jre"),
                property.apply("cluster.registry"),
                Stream.of(property.apply("cluster.load").trim().split("\\s+"))
                        .filter((word) -> !word.isEmpty())
                        .toList(),
                chosen(property, "cluster.scenarios", Scenario.values()),
                chosen(property, "cluster.strategies", Strategy.values()),
                number(property, "cluster.rounds", 1),
                number(property, "cluster.clients", 1),
                Path.of(or(property, "cluster.manifests", "../deploy/kubernetes")),
                Path.of(or(property, "cluster.output", "target")));
    }

    /** The JDK of everything that does not compare JDKs. */
    String jdk() {
        return this.jdks.keySet().iterator().next();
    }

    private static String or(UnaryOperator<String> property, String name, String otherwise) {
        String value = property.apply(name).trim();
        return value.isEmpty() ? otherwise : value;
    }

    private static Variant variant(String id) {
        return Stream.of(Variant.values())
                .filter((variant) -> variant.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("cluster.variant is '%s' (expected: one of %s)"
                        .formatted(
                                id, Stream.of(Variant.values()).map(Variant::id).collect(Collectors.joining(", ")))));
    }

    private static Map<String, String> jdks(String text) {
        Map<String, String> jdks = new TreeMap<>();
        for (String part : List.of(text.split(",", -1))) {
            String[] pair = part.trim().split("=", 2);
            if (!pair[0].matches("\\d+")) {
                throw new IllegalArgumentException(
                        "cluster.jdks is '%s' (expected: feature releases, as 17,25, or with homes, as 17=/usr/lib/jvm/java-17)"
                                .formatted(text));
            }
            jdks.put(pair[0], (pair.length > 1) ? pair[1] : "");
        }
        return jdks;
    }

    private static <E extends Enum<E>> List<E> chosen(UnaryOperator<String> property, String name, E[] all) {
        String names = property.apply(name).trim();
        List<String> wanted = Arrays.asList(names.split(",", -1));
        List<E> chosen = Stream.of(all)
                .filter((value) -> names.isEmpty() || wanted.contains(value.name()))
                .toList();
        if (!names.isEmpty() && chosen.size() != wanted.size()) {
            throw new IllegalArgumentException(
                    "%s is '%s' (expected: some of %s, with commas between them)".formatted(name, names, List.of(all)));
        }
        return chosen;
    }

    private static int number(UnaryOperator<String> property, String name, int otherwise) {
        String value = property.apply(name).trim();
        try {
            int number = value.isEmpty() ? otherwise : Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException ex) {
            throw new IllegalArgumentException("%s is '%s' (expected: a number)".formatted(name, value), ex);
        }
        throw new IllegalArgumentException("%s is '%s' (expected: at least 1)".formatted(name, value));
    }
}

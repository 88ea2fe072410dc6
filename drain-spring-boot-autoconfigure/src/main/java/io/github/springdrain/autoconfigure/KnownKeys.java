// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** The keys below {@value DrainProperties#PREFIX} that have a meaning. */
final class KnownKeys {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(DrainProperties.PREFIX);

    private static final List<String> ALL =
            keys(DrainProperties.PREFIX, DrainProperties.class).toList();

    /** What it takes to write a key whose last element is right and that stands in another group. */
    private static final int ANOTHER_GROUP = 3;

    private KnownKeys() {}

    static boolean isOurs(ConfigurationPropertyName name) {
        return PREFIX.isAncestorOf(name);
    }

    /** The key that takes the fewest changes to write; another group counts for three. */
    static String nearest(String unknown) {
        return ALL.stream()
                .min(Comparator.comparingInt((known) -> Math.min(
                        changes(unknown, known), changes(lastElement(unknown), lastElement(known)) + ANOTHER_GROUP)))
                .orElseThrow();
    }

    private static Stream<String> keys(String prefix, Class<?> type) {
        return Stream.of(type.getRecordComponents()).flatMap((component) -> keys(prefix, component));
    }

    private static Stream<String> keys(String prefix, RecordComponent component) {
        String key = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
        return component.getType().isRecord() ? keys(key, component.getType()) : Stream.of(key);
    }

    private static String lastElement(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** How many characters have to be added, left out or replaced to make one of the other. */
    private static int changes(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= from.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int replaced = diagonal + ((from.charAt(line - 1) == to.charAt(column - 1)) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}

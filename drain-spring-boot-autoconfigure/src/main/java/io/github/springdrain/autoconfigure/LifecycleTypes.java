// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ClassUtils;

/** The types of beans that a drain stops when it is announced. */
final class LifecycleTypes {

    private static final Logger logger = LoggerFactory.getLogger(LifecycleTypes.class);

    private static final String PROPERTY = DrainProperties.PREFIX + ".participants.stop-types-at-announce";

    private static final String OPTIONAL = ConfigDataLocation.OPTIONAL_PREFIX;

    private LifecycleTypes() {}

    /**
     * Loads them.
     *
     * @param names fully qualified names, those that may be missing with {@value #OPTIONAL} in front
     * @throws InvalidConfigurationPropertyValueException if one that may not be missing is, or if one fits what serves
     *     requests as well
     */
    static Set<Class<?>> load(Set<String> names, @Nullable ClassLoader classLoader) {
        Set<Class<?>> types = new LinkedHashSet<>();
        for (String name : names) {
            boolean optional = name.startsWith(OPTIONAL);
            Class<?> type = find(optional ? name.substring(OPTIONAL.length()) : name, classLoader);
            if (type != null) {
                types.add(requireSpecific(type, name));
            } else if (optional) {
                logger.warn("A drain stops no beans of type '{}' at the announcement: there is no such class", name);
            } else {
                throw new InvalidConfigurationPropertyValueException(
                        PROPERTY,
                        name,
                        "Allowed: fully qualified names of classes and interfaces on the class path. With '" + OPTIONAL
                                + "' in front, the class may be missing");
            }
        }
        return types;
    }

    private static @Nullable Class<?> find(String name, @Nullable ClassLoader classLoader) {
        try {
            return ClassUtils.forName(name, classLoader);
        } catch (ClassNotFoundException | LinkageError ex) {
            logger.debug("Class '{}' cannot be loaded", name, ex);
            return null;
        }
    }

    /** Every bean with a lifecycle, the server included, is one of these. */
    private static Class<?> requireSpecific(Class<?> type, String name) {
        if (type.isAssignableFrom(SmartLifecycle.class)) {
            throw new InvalidConfigurationPropertyValueException(
                    PROPERTY,
                    name,
                    "Allowed: types more specific than " + SmartLifecycle.class.getName()
                            + ", which the web server's beans have, too");
        }
        return type;
    }
}

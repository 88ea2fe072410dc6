// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.boot.SpringBootVersion;
import org.springframework.util.ClassUtils;

/**
 * On a class of tests whose outcome the container decides on, not the line of Spring Boot: it runs on the newest line that
 * has the container, and on every line by {@code -Dcontract.full=true}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
        value = "io.github.springdrain.embedded.OncePerContainer$Lines#areShown",
        disabledReason = "Shown on the newest line of Spring Boot; here by -Dcontract.full=true")
@interface OncePerContainer {

    /** Tells which lines of Spring Boot show it. */
    final class Lines {

        private Lines() {}

        static boolean areShown() {
            boolean newest = !SpringBootVersion.getVersion().startsWith("3.")
                    || ClassUtils.isPresent("io.undertow.Undertow", null);
            return newest || Boolean.getBoolean("contract.full");
        }
    }
}

/**
 * Properties and auto-configurations. Compiled once for both lines of Spring Boot: names only what has not moved.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.autoconfigure;

import org.jspecify.annotations.NullMarked;

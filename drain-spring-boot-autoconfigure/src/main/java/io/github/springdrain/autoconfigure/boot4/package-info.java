/**
 * Bindings to the containers of Spring Boot 4.x, under the names that line gives their factories.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.autoconfigure.boot4;

import org.jspecify.annotations.NullMarked;

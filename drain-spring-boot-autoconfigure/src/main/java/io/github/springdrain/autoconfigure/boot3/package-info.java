/**
 * Bindings to the containers of Spring Boot 3.5, under the names that line gives their factories.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.autoconfigure.boot3;

import org.jspecify.annotations.NullMarked;

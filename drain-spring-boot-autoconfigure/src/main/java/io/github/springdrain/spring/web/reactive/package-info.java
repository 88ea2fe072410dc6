/**
 * Open-ended responses of Spring WebFlux, and how a drain terminates them.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring.web.reactive;

import org.jspecify.annotations.NullMarked;

/** Responses of Spring WebFlux that go on for ever, and how a drain ends them. */
@NullMarked
package io.github.springdrain.reactive;

import org.jspecify.annotations.NullMarked;

/**
 * Runs one drain: sequence, listeners, participants, stream termination, quiet period. Knows neither Spring nor a
 * container.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.engine;

import org.jspecify.annotations.NullMarked;

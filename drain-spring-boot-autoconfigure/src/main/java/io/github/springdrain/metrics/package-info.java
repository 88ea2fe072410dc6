/**
 * The drain as Micrometer meters.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.metrics;

import org.jspecify.annotations.NullMarked;

/** The drain as Micrometer meters. */
@NullMarked
package io.github.springdrain.metrics;

import org.jspecify.annotations.NullMarked;

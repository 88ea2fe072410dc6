/** Restarts the sample under load, again and again, and counts what clients lost. */
@NullMarked
package io.github.springdrain.proof;

import org.jspecify.annotations.NullMarked;

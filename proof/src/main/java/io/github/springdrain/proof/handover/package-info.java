/** Hands a port over from one process to the next under load, again and again, and counts what clients lost. */
@NullMarked
package io.github.springdrain.proof.handover;

import org.jspecify.annotations.NullMarked;

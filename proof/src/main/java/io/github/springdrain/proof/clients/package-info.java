/** Restarts the sample under clients that other projects have written, with their own pools and defaults. */
@NullMarked
package io.github.springdrain.proof.clients;

import org.jspecify.annotations.NullMarked;

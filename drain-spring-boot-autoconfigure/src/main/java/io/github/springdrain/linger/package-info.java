/** Closes single connections in such a way that nothing the peer has not read yet is destroyed by a reset. */
@NullMarked
package io.github.springdrain.linger;

import org.jspecify.annotations.NullMarked;

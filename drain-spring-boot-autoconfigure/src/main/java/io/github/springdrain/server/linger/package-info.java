/**
 * Closes single connections in such a way that nothing the peer has not read yet is destroyed by a reset.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.linger;

import org.jspecify.annotations.NullMarked;

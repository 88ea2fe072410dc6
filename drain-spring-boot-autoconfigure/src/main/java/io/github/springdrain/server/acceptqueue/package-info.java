/**
 * Empties the accept queue of a listener and closes it without losing a connection. Needs the JDK alone; Linux for
 * anything better than counting what the server accepts.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.acceptqueue;

import org.jspecify.annotations.NullMarked;

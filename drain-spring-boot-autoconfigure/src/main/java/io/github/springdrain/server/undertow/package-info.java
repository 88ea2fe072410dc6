/**
 * Undertow 2.3: a handler of our own in front of all others. One class ({@code Internals}) reads the few members of
 * Undertow that have no public counterpart.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.undertow;

import org.jspecify.annotations.NullMarked;

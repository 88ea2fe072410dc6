/**
 * The kernel's side of a listener: its rows in {@code /proc}, the socket calls that set a gate, and the probe that finds out
 * which gate works. {@code ListenerGate} is the facade.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.acceptqueue.linux;

import org.jspecify.annotations.NullMarked;

/**
 * Jetty 12.0 and 12.1: a connector of our own, by Jetty's public constructors and protected methods. {@code Http1Connections},
 * {@code Workers} and {@code WebSockets} read members without a public counterpart, and step back where they are missing.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.jetty;

import org.jspecify.annotations.NullMarked;

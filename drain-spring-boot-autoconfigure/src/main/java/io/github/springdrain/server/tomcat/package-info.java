/**
 * Tomcat 10.1 and 11: a protocol handler of our own, by Tomcat's public constructors and protected methods. {@code WrapperLock}
 * and {@code Http2Requests} read members without a public counterpart, and step back where they are missing.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.tomcat;

import org.jspecify.annotations.NullMarked;

/**
 * Tomcat 10.1 and 11: a protocol handler of our own, by Tomcat's public constructors and protected methods. {@code Internals}
 * holds all reflection, and says what does not work where a member is missing.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.tomcat;

import org.jspecify.annotations.NullMarked;

/**
 * The drain as an actuator endpoint, for operators and platforms, over HTTP and JMX.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.actuate;

import org.jspecify.annotations.NullMarked;

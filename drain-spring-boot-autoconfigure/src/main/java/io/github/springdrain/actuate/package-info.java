/** The drain as an actuator endpoint, for operators and platforms, over HTTP and JMX. */
@NullMarked
package io.github.springdrain.actuate;

import org.jspecify.annotations.NullMarked;

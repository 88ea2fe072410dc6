/**
 * Tomcat 10.1 and 11: takes part as a protocol handler of its own, by Tomcat's public constructors and protected
 * methods. One class ({@code WrapperLock}) bridges the one member whose type differs between the two.
 */
@NullMarked
package io.github.springdrain.tomcat;

import org.jspecify.annotations.NullMarked;

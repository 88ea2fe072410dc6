/**
 * Jetty 12.0 and 12.1: takes part as a connector of its own, by Jetty's public constructors and protected methods. One
 * class ({@code Http1Connections}) uses one class of Jetty's internal package, and steps back where it is missing.
 */
@NullMarked
package io.github.springdrain.jetty;

import org.jspecify.annotations.NullMarked;

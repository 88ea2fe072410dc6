/**
 * Reactor Netty 1.2 and 1.3: takes part by handlers of its own in the pipeline of each connection and of the listener.
 * Public API only.
 */
@NullMarked
package io.github.springdrain.netty;

import org.jspecify.annotations.NullMarked;

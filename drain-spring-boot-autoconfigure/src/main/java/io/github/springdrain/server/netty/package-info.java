/**
 * Reactor Netty 1.2 and 1.3: handlers in the pipeline, by public methods alone.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.netty;

import org.jspecify.annotations.NullMarked;

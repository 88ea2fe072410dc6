/**
 * The SPI towards a container and what its adapters share: snapshots, close advertisement, GOAWAY sequence, connection
 * progress, idle limits. Knows neither Spring nor a container.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server;

import org.jspecify.annotations.NullMarked;

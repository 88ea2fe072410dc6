/**
 * What the adapters share whose containers are drained connector by connector.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.server.adapter;

import org.jspecify.annotations.NullMarked;

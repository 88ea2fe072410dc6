/**
 * The API of the drain: start and watch one, listen to it, take part in it. Every public type here is described in the
 * documentation; every other package is internal.
 */
@NullMarked
package io.github.springdrain;

import org.jspecify.annotations.NullMarked;

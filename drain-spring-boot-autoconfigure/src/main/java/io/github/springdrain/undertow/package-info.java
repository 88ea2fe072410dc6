/**
 * Undertow 2.3: takes part by a handler of its own in front of all others. One class ({@code Access}) reads the few
 * members of Undertow that have no public counterpart.
 */
@NullMarked
package io.github.springdrain.undertow;

import org.jspecify.annotations.NullMarked;

/** Ready-made participants: background work of Spring applications that a drain waits for. */
@NullMarked
package io.github.springdrain.work;

import org.jspecify.annotations.NullMarked;

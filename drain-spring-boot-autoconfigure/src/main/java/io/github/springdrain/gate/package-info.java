/** What every adapter does with the kernel's side of a drain, in the terms of the core. */
@NullMarked
package io.github.springdrain.gate;

import org.jspecify.annotations.NullMarked;

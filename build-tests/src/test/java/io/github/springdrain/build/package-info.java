/** Checks of what is published, and of the files of the project that are not code. */
@NullMarked
package io.github.springdrain.build;

import org.jspecify.annotations.NullMarked;

/** Drains the sample under load with the starter off and on, and shows side by side what the clients saw. */
@NullMarked
package io.github.springdrain.demo;

import org.jspecify.annotations.NullMarked;

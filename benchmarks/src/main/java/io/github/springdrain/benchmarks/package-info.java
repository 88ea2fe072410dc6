/** What the starter costs: single steps under JMH, and a whole server with the starter on and off. */
@NullMarked
package io.github.springdrain.benchmarks;

import org.jspecify.annotations.NullMarked;

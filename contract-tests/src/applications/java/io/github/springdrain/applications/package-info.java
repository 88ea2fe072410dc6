/** Applications as people write them, each with the starter as its only addition, and plain Spring Boot as its control. */
@NullMarked
package io.github.springdrain.applications;

import org.jspecify.annotations.NullMarked;

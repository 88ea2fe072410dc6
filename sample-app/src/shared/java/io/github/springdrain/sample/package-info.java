/** A sample application whose requests take their time in every way that matters to a server that shuts down. */
@NullMarked
package io.github.springdrain.sample;

import org.jspecify.annotations.NullMarked;

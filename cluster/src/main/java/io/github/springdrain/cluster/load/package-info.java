/** What runs in the pods that make the load. */
@NullMarked
package io.github.springdrain.cluster.load;

import org.jspecify.annotations.NullMarked;

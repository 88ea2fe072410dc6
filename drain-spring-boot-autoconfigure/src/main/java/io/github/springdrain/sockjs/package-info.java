/** SockJS sessions over plain HTTP, and how a drain ends them. */
@NullMarked
package io.github.springdrain.sockjs;

import org.jspecify.annotations.NullMarked;

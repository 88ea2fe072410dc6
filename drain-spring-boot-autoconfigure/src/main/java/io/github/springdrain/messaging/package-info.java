/** Spring's message broker behind WebSocket sessions, and when it stops. */
@NullMarked
package io.github.springdrain.messaging;

import org.jspecify.annotations.NullMarked;

/**
 * SockJS sessions over plain HTTP and the message broker behind WebSocket sessions, and when a drain ends them.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring.websocket;

import org.jspecify.annotations.NullMarked;

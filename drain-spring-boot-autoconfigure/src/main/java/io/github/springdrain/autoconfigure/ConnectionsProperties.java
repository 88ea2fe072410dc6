// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connections without a request.
 *
 * @param firstRequestGrace Time that a new connection has for sending the first byte of a request.
 * @param idleGrace Idle time after which a connection is closed.
 * @param stallTimeout Time without progress after which a handshake, a request head or the peer's response to a close
 *     is given up.
 */
record ConnectionsProperties(
        @DefaultValue("500ms") Duration firstRequestGrace,
        @DefaultValue("500ms") Duration idleGrace,
        @DefaultValue("5s") Duration stallTimeout) {}

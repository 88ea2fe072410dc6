// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/**
 * One listener and how well its accept queue can be emptied.
 *
 * @param name the container's name of the listener
 * @param port the port it listens on, or listened on before it was closed
 * @param open whether it accepts connections
 * @param level the level of the gate, such as {@code DEVICE_GATE}
 * @param reason why it is this level and not a better one, or by which means it works
 */
public record ListenerStatus(String name, int port, boolean open, String level, String reason) {}

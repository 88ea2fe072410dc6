// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers. Outside the range that clients are given theirs from: on loopback a client that keeps dialling a
 * closed port of that range sooner or later gets it as its own and connects to itself.
 */
public final class Ports {

    private static final int LOWEST = 12_000;

    private static final int BELOW_CLIENTS = 32_000;

    private static final int ATTEMPTS = 100;

    private Ports() {}

    /** A port that nobody listened on a moment ago. */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BELOW_CLIENTS);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "No free port between %d and %d in %d attempts".formatted(LOWEST, BELOW_CLIENTS, ATTEMPTS));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException ex) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

/** How a client behaves. */
enum ClientKind {

    /** Opens a connection, asks for {@code /hello} once and leaves; one more every few milliseconds, come what may. */
    ONE_SHOT("new connections"),

    /** Keeps its connection, leaves it after {@code Connection: close}, and never sends on one that has ended. */
    KEEP_ALIVE("keep-alive"),

    /** Asks for a response that takes two seconds. */
    SLOW("slow requests"),

    /** Sends a body piece by piece over two seconds. */
    UPLOAD("trickled uploads"),

    /** Writes a large body to a handler that responds without reading it, and reads the response only then. */
    EARLY_RESPONSE("early rejections");

    private final String label;

    ClientKind(String label) {
        this.label = label;
    }

    String label() {
        return this.label;
    }
}

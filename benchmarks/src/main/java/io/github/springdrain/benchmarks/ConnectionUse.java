// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

/** What a client does with its connection after a response. */
enum ConnectionUse {

    /** Sends the next request on it, until the server closes it. */
    KEEP_ALIVE("keep-alive", "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"),

    /** Asks the server to close it, and opens another. */
    CLOSE("close per request", "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    private final String label;

    private final String request;

    ConnectionUse(String label, String request) {
        this.label = label;
        this.request = request;
    }

    String label() {
        return this.label;
    }

    String request() {
        return this.request;
    }
}

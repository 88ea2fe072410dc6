// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import io.github.springdrain.contract.RawResponse;

/** What one attempt of a client came to. */
enum Result {

    /** The whole response arrived, and it is the one that was due. */
    COMPLETE("complete"),

    /** There was no connection: every client may try elsewhere at once, so nothing is lost. */
    REFUSED("refused"),

    /** The connection was reset. */
    RESET("reset"),

    /** The connection ended before the first byte of a response. */
    NO_RESPONSE("no response"),

    /** The connection ended inside a response. */
    TRUNCATED("truncated"),

    /** What arrived cannot be read. */
    GARBLED("garbled"),

    /** The response says 503. */
    UNAVAILABLE("503"),

    /** No response came while the client had patience. */
    TIMEOUT("timeout"),

    /** A whole response arrived, and it is not the one that was due. */
    WRONG("wrong response");

    private final String label;

    Result(String label) {
        this.label = label;
    }

    static Result of(RawResponse response, boolean due) {
        return switch (response.outcome()) {
            case COMPLETE -> due ? COMPLETE : WRONG;
            case UNAVAILABLE_503 -> UNAVAILABLE;
            case REFUSED -> REFUSED;
            case RESET -> RESET;
            case NO_RESPONSE -> NO_RESPONSE;
            case TRUNCATED -> TRUNCATED;
            case GARBLED -> GARBLED;
            case TIMEOUT -> TIMEOUT;
        };
    }

    String label() {
        return this.label;
    }

    /** Whether a client that did nothing wrong went without its response. */
    boolean isLost() {
        return this != COMPLETE && this != REFUSED;
    }
}

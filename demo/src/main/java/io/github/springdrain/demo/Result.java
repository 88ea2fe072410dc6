package io.github.springdrain.demo;

import io.github.springdrain.contract.RawResponse;

/** What one attempt of a client came to. */
enum Result {

    /** The whole answer arrived, and it is the one that was due. */
    COMPLETE("complete"),

    /** There was no connection: every client may try elsewhere at once, so nothing is lost. */
    REFUSED("refused"),

    /** The connection was reset. */
    RESET("reset"),

    /** The connection ended before the first byte of an answer. */
    NO_RESPONSE("no response"),

    /** The connection ended inside an answer. */
    TRUNCATED("truncated"),

    /** What arrived cannot be read. */
    GARBLED("garbled"),

    /** The answer says 503. */
    UNAVAILABLE("503"),

    /** No answer came while the client had patience. */
    TIMEOUT("timeout"),

    /** A whole answer arrived, and it is not the one that was due. */
    WRONG("wrong answer");

    private final String label;

    Result(String label) {
        this.label = label;
    }

    static Result of(RawResponse answer, boolean due) {
        return switch (answer.outcome()) {
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

    /** Whether a client that did nothing wrong went without its answer. */
    boolean isLost() {
        return this != COMPLETE && this != REFUSED;
    }
}

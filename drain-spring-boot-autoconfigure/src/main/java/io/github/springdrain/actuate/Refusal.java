package io.github.springdrain.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The body of an answer that refuses.
 *
 * @param reason why
 */
record Refusal(String reason) implements OperationResponseBody {}

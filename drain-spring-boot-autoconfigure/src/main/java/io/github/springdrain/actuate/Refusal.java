// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The body of a response that refuses.
 *
 * @param reason why
 */
record Refusal(String reason) implements OperationResponseBody {}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/**
 * Something that failed while a drain went on: what could not be done, or could not be seen.
 *
 * @param step what failed: a step of the server such as {@code connections}, or a call of a listener or participant
 * @param count how often it failed in the same way
 * @param reason what it threw, with the message of the first time, or that it has not returned
 */
public record DrainFailure(String step, int count, String reason) {}

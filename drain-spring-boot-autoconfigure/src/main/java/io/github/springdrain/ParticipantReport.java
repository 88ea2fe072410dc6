// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/**
 * What came of one participant in a drain.
 *
 * @param name the participant's own name
 * @param active the pieces of work under way when the drain was announced
 * @param aborted the pieces of work that were left when the time was over
 */
public record ParticipantReport(String name, int active, int aborted) {}

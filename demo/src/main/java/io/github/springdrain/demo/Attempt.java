// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

/**
 * One thing that a client tried.
 *
 * @param kind what sort of client it was
 * @param result what it came to
 * @param endedAtNanos when that was known, as {@link System#nanoTime()}
 */
record Attempt(ClientKind kind, Result result, long endedAtNanos) {}

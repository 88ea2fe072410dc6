// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

/**
 * What a server has done since it started. Differences of two readings are what counts.
 *
 * @param accepted connections accepted
 * @param requests requests completed
 * @param lingering connections that are half-closed and being read to their end, right now
 */
public record ServerTotals(long accepted, long requests, int lingering) {}

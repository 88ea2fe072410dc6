// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import java.util.List;

/**
 * One open connection, as seen by a scan.
 *
 * @param state what it is doing
 * @param remote the peer's address and port, or {@code "?"} when it is not known
 * @param protocol the protocol spoken, such as {@code HTTP/1.1}, {@code HTTP/2} or {@code websocket}
 * @param requests the requests in service: at most one with HTTP/1.1, one for each active stream with HTTP/2
 */
public record ConnectionSnapshot(
        ConnectionState state, String remote, String protocol, List<RequestSnapshot> requests) {

    /** Copies the list of requests. */
    public ConnectionSnapshot {
        requests = List.copyOf(requests);
    }

    /** Whether it has requests, and each is {@linkplain RequestSnapshot#suspended() suspended}. */
    public boolean isSuspended() {
        return !this.requests.isEmpty() && this.requests.stream().allMatch(RequestSnapshot::suspended);
    }
}

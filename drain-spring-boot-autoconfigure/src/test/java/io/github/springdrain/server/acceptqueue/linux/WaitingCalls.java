// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The numbers of the system calls in which a thread waits for connections, on one architecture.
 *
 * @param accept those of the accept family; their first argument is the listener
 * @param poll those of the {@code epoll_wait} family; their first argument is the epoll instance
 */
record WaitingCalls(Set<Integer> accept, Set<Integer> poll) {

    private static final WaitingCalls X86_64 = new WaitingCalls(Set.of(43, 288), Set.of(232, 281, 441));

    private static final WaitingCalls AARCH64 = new WaitingCalls(Set.of(202, 242), Set.of(22, 441));

    private static final Map<String, WaitingCalls> KNOWN =
            Map.of("amd64", X86_64, "x86_64", X86_64, "aarch64", AARCH64);

    /** Those of an architecture as Java names it in {@code os.arch}. */
    static Optional<WaitingCalls> of(String architecture) {
        return Optional.ofNullable(KNOWN.get(architecture));
    }
}

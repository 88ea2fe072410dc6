// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Command;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the host has to offer. */
final class Requirements {

    private static final List<String> PROGRAMS = List.of("ip", "ss", "curl");

    private Requirements() {}

    /** Why this way into the cluster cannot be tried here; empty when it can. */
    static Optional<String> missing(Entry entry) {
        return Stream.concat(PROGRAMS.stream(), Stream.of(entry.program()))
                .filter((program) -> Command.run("which", program).code() != 0)
                .findFirst()
                .map((program) ->
                        "the command '%s' is missing (Debian: apt-get install iproute2 nftables nginx haproxy curl)"
                                .formatted(program))
                .or(Namespace::missing)
                .or(() -> (entry == Entry.SERVICE) ? ServiceAddress.missing() : Optional.empty());
    }
}

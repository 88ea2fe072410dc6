// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel allows the process that runs the tests. */
final class Privileges {

    private static final String EFFECTIVE = "CapEff:";

    private static final int CAP_NET_ADMIN = 12;

    private Privileges() {}

    static void assumeNetworkAdministrator() {
        assumeThat(effective().testBit(CAP_NET_ADMIN)).isTrue();
    }

    private static BigInteger effective() {
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
            String line = status.stream()
                    .filter((it) -> it.startsWith(EFFECTIVE))
                    .findFirst()
                    .orElseThrow();
            return new BigInteger(line.substring(EFFECTIVE.length()).strip(), 16);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}

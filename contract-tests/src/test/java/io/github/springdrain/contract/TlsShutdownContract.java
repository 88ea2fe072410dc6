// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The same over TLS, where a handshake may be under way. */
abstract class TlsShutdownContract extends ShutdownContract {

    TlsShutdownContract(Target target) {
        super(target);
    }

    @Test
    void aHandshakeUnderWayEndsAndItsRequestHasItsResponse() {
        assertThat(drained().allHandshakes())
                .isNotEmpty()
                .allSatisfy((seen) ->
                        assertThat(seen.summary()).isEqualTo("COMPLETE 200, 5 bytes, EOF, Connection: close"));
    }

    @Test
    void aHandshakeUnderWayLosesItsRequestWithoutTheDrain() {
        subject().assumeLoses(Loss.HANDSHAKES);
        assertThat(control().lateHandshakes())
                .isNotEmpty()
                .noneMatch((seen) -> seen.response().outcome() == Outcome.COMPLETE);
    }
}

package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The same over TLS, where a handshake may be under way. */
abstract class TlsShutdownContract extends ShutdownContract {

    TlsShutdownContract(Target target) {
        super(target);
    }

    @Test
    void aHandshakeUnderWayEndsAndItsRequestIsAnswered() {
        assertThat(drained().allHandshakes())
                .isNotEmpty()
                .allSatisfy((seen) ->
                        assertThat(seen.summary()).isEqualTo("COMPLETE 200, 5 bytes, EOF, Connection: close"));
    }

    @Test
    void aHandshakeUnderWayLosesItsRequestWithoutTheDrain() {
        assertThat(control().lateHandshakes())
                .isNotEmpty()
                .noneMatch((seen) -> seen.answer().outcome() == Outcome.COMPLETE);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccountTest {

    private static final String LINE =
            "INFO 1 --- [drain] i.g.s.spring.DrainLogger : Drain report: drain graceful in 812 ms: 40 requests completed,"
                    + " 1,204 connections accepted while draining, 17 of them rescued from the accept queue, 0 aborted";

    @Test
    void readsTheReport() {
        assertThat(Account.in(List.of(LINE.replace(",204", "204")))).contains(new Account(true, 17, 0));
    }

    @Test
    void isNotGracefulWhereSomethingFailed() {
        assertThat(Account.in(List.of(LINE + "; failed: connections 2 times"))).contains(new Account(false, 17, 0));
    }

    @Test
    void isEmptyWithoutAReport() {
        assertThat(Account.in(List.of())).isEmpty();
    }

    @Test
    void complainsOfAReportThatItCannotRead() {
        assertThatIllegalStateException().isThrownBy(() -> Account.in(List.of(Account.MARK + "something else")));
    }
}

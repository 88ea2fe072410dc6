// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureCollectorTest {

    private final FailureCollector failures = new FailureCollector();

    @Test
    void throwsTheFirstFailureWithTheOthersSuppressed() {
        Error first = new LinkageError("first");
        RuntimeException second = new IllegalStateException("second");
        this.failures.run(() -> {
            throw first;
        });
        this.failures.run(() -> {});
        fail(second);
        assertThatThrownBy(this.failures::throwFirst).isSameAs(first).hasSuppressedException(second);
    }

    @Test
    void takesAStepForEachThoughItFailsForOne() {
        List<Integer> reached = new ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> FailureCollector.forEach(List.of(1, 2, 3), (element) -> {
                    reached.add(element);
                    if (element < 3) {
                        throw new IllegalStateException("step " + element);
                    }
                }))
                .withMessage("step 1");
        assertThat(reached).containsExactly(1, 2, 3);
    }

    @Test
    void takesTheSameFailureTwice() {
        RuntimeException same = new IllegalStateException("same");
        fail(same);
        fail(same);
        assertThatThrownBy(this.failures::throwFirst).isSameAs(same).hasNoSuppressedExceptions();
    }

    @Test
    void throwsNothingWhereNothingFailed() {
        this.failures.run(() -> {});
        assertThatCode(this.failures::throwFirst).doesNotThrowAnyException();
    }

    private void fail(RuntimeException failure) {
        this.failures.run(() -> {
            throw failure;
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.springdrain.contract.Variant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three pods with the starter, stopped in three ways, are replaced by three without it under steady load; then the
 * control takes two of those away.
 */
class RolloutIT {

    private static final List<Strategy> WITH_THE_STARTER =
            List.of(Strategy.STARTER, Strategy.STARTER_EXEC, Strategy.STARTER_HTTP_GET);

    private static final List<Strategy> WITHOUT = Collections.nCopies(Rollout.REPLICAS, Strategy.BOOT);

    /** Far fewer than there are on the slowest machine, and enough for each kind of client to have met each pod. */
    private static final int SOME_REQUESTS = 300;

    @ParameterizedTest
    @CsvSource({
        "BOOT4_TOMCAT, SERVICE",
        "BOOT4_JETTY, SERVICE",
        "BOOT3_TOMCAT, SERVICE",
        "BOOT3_JETTY, SERVICE",
        "BOOT3_UNDERTOW, SERVICE",
        "BOOT4_NETTY, SERVICE",
        "BOOT3_NETTY, SERVICE",
        "BOOT4_TOMCAT, NGINX",
        "BOOT4_JETTY, HAPROXY"
    })
    void noRequestFailsInARollingUpdateAndSomeDoWithoutTheStarter(Variant variant, Entry entry) {
        assumePossible(variant, entry);
        try (Rollout rollout = Rollout.begin(variant, entry, WITH_THE_STARTER)) {
            Stage drained = rollout.roll(WITHOUT);
            print(variant, entry, "with the starter", drained.summary());
            assertThat(drained.faults()).isEmpty();
            assertThat(drained.load().failures()).isEmpty();
            assertThat(drained.load().requests()).isGreaterThan(SOME_REQUESTS);

            Stage control = rollout.scaleIn();
            print(variant, entry, "without", control.summary());
            assertThat(control.load().failures()).isNotEmpty();
        }
    }

    private static void assumePossible(Variant variant, Entry entry) {
        Variant newest = variant.lines().get(variant.lines().size() - 1);
        assumeTrue(
                variant == newest || Boolean.getBoolean("contract.full"),
                () -> "Shown on %s; here by -Dcontract.full=true".formatted(newest.id()));
        Optional<String> missing = Requirements.missing(entry);
        missing.ifPresent((reason) -> print(variant, entry, "SKIPPED", reason));
        assumeTrue(missing.isEmpty(), missing.orElse(""));
    }

    private static void print(Variant variant, Entry entry, String what, String text) {
        System.out.printf("[%s through %s] %s: %s%n", variant.id(), entry.label(), what, text);
    }
}

package io.github.springdrain.embedded;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.util.ClassUtils;

/** A reactive application that closes its context ends at once, from whatever thread it does so. */
@Timeout(120)
class ReactiveClosedFromWithinIT {

    private static final boolean UNDERTOW = ClassUtils.isPresent("io.undertow.Undertow", null);

    @ParameterizedTest
    @ValueSource(strings = {"/close", "/exit", "/scheduled", "/async"})
    void endsAtOnce(String path) throws Exception {
        // docs/limits.md: which thread serves a reactive request is not known there.
        assumeFalse(UNDERTOW && List.of("/close", "/exit").contains(path), "Undertow");
        ClosedFromWithin.close(WebApplicationType.REACTIVE, path);
    }
}

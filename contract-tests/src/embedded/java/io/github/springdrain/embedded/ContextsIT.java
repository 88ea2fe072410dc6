// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.WebApplicationType;

/**
 * Contexts that follow each other in one JVM, as in tests, leave nothing behind and close about as soon as in plain
 * Spring Boot.
 */
@OncePerContainer
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "Descriptors are counted in /proc")
class ContextsIT {

    private static final int COUNT = Integer.getInteger("contract.contexts", 4);

    private static final Duration LIMIT = Duration.ofSeconds(280);

    private static final Pattern RESULT = Pattern.compile(ContextsApplication.RESULT
            + "\\d+ opened, left: (.*); closed in (\\d+) ms, with a stream (\\d+) ms, plain (\\d+) ms");

    @Test
    void nothingIsLeftOfClosedContexts() {
        assertNothingLeft(WebApplicationType.SERVLET);
    }

    static void assertNothingLeft(WebApplicationType type) {
        List<String> command = new ArrayList<>(ClassPath.javaOfTests());
        // Spring's caches refer softly to what they have seen; these references are cleared at each collection then.
        command.add(1, "-XX:SoftRefLRUPolicyMSPerMB=0");
        command.addAll(List.of(ContextsApplication.class.getName(), type.name(), Integer.toString(COUNT)));
        try (ChildProcess application = ChildProcess.start("contexts", command)) {
            assertThat(application.awaitExit(LIMIT).code())
                    .as(application.output()::tail)
                    .isZero();
            MatchResult result = RESULT.matcher(application.output().text())
                    .results()
                    .findFirst()
                    .orElseThrow();
            System.out.println(result.group());
            assertThat(result.group(1)).as("left").isEqualTo("[]");
            long plain = Long.parseLong(result.group(4));
            long most = plain + ContextsApplication.MORE_MILLIS;
            assertThat(Long.parseLong(result.group(2))).as("idle").isLessThanOrEqualTo(most);
            assertThat(Long.parseLong(result.group(3))).as("with a stream").isLessThanOrEqualTo(most);
        }
    }
}

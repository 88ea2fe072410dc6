// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The oldest line of Spring Boot that the library runs on. A newer one than those it was tested on is never refused. */
final class SupportedLine {

    private static final int MAJOR = 3;

    private static final int MINOR = 5;

    private static final Pattern LINE = Pattern.compile("^(\\d{1,4})\\.(\\d{1,4})\\b.*");

    private SupportedLine() {}

    /**
     * Refuses a line that is too old.
     *
     * @param version the version of Spring Boot, {@code null} if it is not known
     * @throws UnsupportedLineException if it is of such a line
     */
    static void require(@Nullable String version) {
        if (version != null && isTooOld(version)) {
            throw new UnsupportedLineException(version);
        }
    }

    private static boolean isTooOld(String version) {
        Matcher line = LINE.matcher(version);
        if (!line.matches()) {
            return false;
        }
        int major = Integer.parseInt(line.group(1));
        return major < MAJOR || (major == MAJOR && Integer.parseInt(line.group(2)) < MINOR);
    }

    /** Stops start-up. */
    static final class UnsupportedLineException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnsupportedLineException(String version) {
            super("The drain starter supports Spring Boot 3.5, 4.0 and 4.1, and this is Spring Boot %s."
                    .formatted(version));
        }
    }

    /** Reports it in one sentence. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnsupportedLineException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedLineException cause) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    "Use one of these lines, set server.drain.enabled=false, or remove drain-spring-boot-starter.",
                    cause);
        }
    }
}

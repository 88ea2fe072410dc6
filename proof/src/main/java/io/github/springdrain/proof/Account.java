// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a drain says of itself in its report.
 *
 * @param graceful whether everything ran to its end
 * @param rescued connections rescued from the accept queue
 * @param aborted connections aborted at the deadline
 */
record Account(boolean graceful, long rescued, long aborted) {

    /** Stands in the line of the log that has the report. */
    static final String MARK = "Drain report: ";

    private static final Pattern REPORT = Pattern.compile(
            MARK + "drain (\\w+) in \\d+ ms: .*, (\\d+) of them rescued from the accept queue, (\\d+) aborted(.*)");

    /**
     * Reads the report in a log's lines.
     *
     * @throws IllegalStateException if a report cannot be read
     */
    static Optional<Account> in(List<String> lines) {
        return lines.stream().findFirst().map(Account::read);
    }

    private static Account read(String line) {
        Matcher matcher = REPORT.matcher(line);
        if (!matcher.find()) {
            throw new IllegalStateException("The report cannot be read: " + line);
        }
        boolean failed = matcher.group(4).contains("failed");
        return new Account(
                matcher.group(1).equals("graceful") && !failed,
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)));
    }
}

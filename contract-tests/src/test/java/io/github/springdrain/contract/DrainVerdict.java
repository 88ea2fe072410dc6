// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What holds for the end of every drained process, whatever its clients and its machine did to it.
 *
 * @param output what it wrote
 * @param exit its end
 */
record DrainVerdict(ProcessOutput output, ChildProcess.Exit exit) {

    /** From the deadline to the end of the process: aborting, reporting, the rest of Spring's shutdown; on a busy machine. */
    static final Duration SLACK = Duration.ofSeconds(12);

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final int SIGTERM = 128 + 15;

    /** Warnings, errors and stack traces. */
    private static final Pattern STRANGE =
            Pattern.compile(" (WARN|ERROR) \\d+ |^Exception in|^\\s+at \\S+\\(|^Caused by: |OutOfMemoryError");

    private static final Pattern LEFT_IN_QUEUE = Pattern.compile("; (\\d+) connections? left in the accept queue");

    /** The library's own loggers. */
    private static final Pattern OWN = Pattern.compile("\\] i\\.(\\S*springdrain|g\\.s)\\.(?!sample)");

    static DrainVerdict of(SampleProcess server) {
        ChildProcess.Exit exit = server.awaitExit(LIMIT);
        server.output().awaitEnd(Duration.ofSeconds(5));
        return new DrainVerdict(server.output(), exit);
    }

    /** It ended by its signal, and no later after {@code nanos} than {@code deadline} and {@link #SLACK}. */
    DrainVerdict inTime(long nanos, Duration deadline) {
        assertThat(this.exit.since(nanos)).as(this.output::tail).isLessThan(deadline.plus(SLACK));
        assertThat(this.exit.code()).isEqualTo(SIGTERM);
        return this;
    }

    /** The one report in the log. */
    String report() {
        List<String> reports = this.output.lines((line) -> line.contains("Drain report:"));
        assertThat(reports).as(this.output::tail).hasSize(1);
        return reports.get(0);
    }

    /** How many requests and connections the report says were aborted. */
    int aborted() {
        return Integer.parseInt(report().replaceAll(".*, (\\d+) aborted.*", "$1"));
    }

    /** The report names at least as many requests and connections as clients have {@code lost}, or what it cannot know. */
    DrainVerdict accountsFor(long lost) {
        String report = report();
        Matcher left = LEFT_IN_QUEUE.matcher(report);
        long named = aborted() + (left.find() ? Long.parseLong(left.group(1)) : 0);
        assertThat(named >= lost || report.contains("left in the accept queue is not known"))
                .as("%d lost by clients; %s", lost, report)
                .isTrue();
        return this;
    }

    DrainVerdict graceful() {
        assertThat(report()).as(this.output::tail).contains("drain graceful", " 0 aborted");
        return this;
    }

    DrainVerdict forced() {
        assertThat(report()).as(this.output::tail).contains("drain forced");
        return this;
    }

    /** Nothing is in the log at WARN or ERROR, and no stack trace, but what {@code allowed} finds. */
    DrainVerdict quiet(String... allowed) {
        assertThat(strange(this.output, allowed))
                .as("lines that ask for attention")
                .isEmpty();
        return this;
    }

    /** The same for what the library itself writes: containers have their own to say about clients that break off. */
    DrainVerdict quietItself(String... allowed) {
        assertThat(strange(this.output, allowed))
                .as("lines of the library that ask for attention")
                .noneMatch((line) -> OWN.matcher(line).find());
        return this;
    }

    /** {@link #quiet} beside requests that were aborted: {@link #quietItself} where the container has its own to say of them. */
    DrainVerdict quietBesideAborts(Container container, String... allowed) {
        return container.logsAbortedRequests() ? quietItself(allowed) : quiet(allowed);
    }

    /** What asks for attention since the application had started. */
    static List<String> strange(ProcessOutput output, String... allowed) {
        return output.lines().stream()
                .map(ProcessOutput.Line::text)
                .dropWhile((line) -> !SampleProcess.isStarted(line))
                .filter((line) -> STRANGE.matcher(line).find())
                .filter((line) -> List.of(allowed).stream()
                        .noneMatch((one) -> Pattern.compile(one).matcher(line).find()))
                .toList();
    }
}

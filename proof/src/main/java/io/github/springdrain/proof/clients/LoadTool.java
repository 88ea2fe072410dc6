// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.clients;

import io.github.springdrain.contract.Command;
import io.github.springdrain.contract.ConcurrentClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of the command line, from Debian's package of the same name unless said otherwise. */
enum LoadTool implements ForeignClient {

    /** Says "write" of each connection that is refused, and "read" of each that ends before its response. */
    WRK("wrk, HTTP/1.1", "wrk", "-t1 -c8 -d5s") {

        @Override
        Result read(String output) {
            long lost = number(output, "Socket errors: connect \\d+, read (\\d+)")
                    + number(output, "Non-2xx or 3xx responses: (\\d+)");
            return Result.of(
                    number(output, "(\\d+) requests in"),
                    lost,
                    (lost > 0) ? line(output, "Socket errors|Non-2xx") : "");
        }
    },

    /** Gives up at the first error, a refused connection included, and names it. From the package apache2-utils. */
    AB("ab -k, HTTP/1.0", "ab", "-q -k -c8 -t5 -n10000000") {

        @Override
        Result read(String output) {
            boolean refused = output.contains("Connection refused (111)");
            return Result.of(
                    number(output, "Total of (\\d+) requests completed"),
                    refused ? 0 : 1,
                    refused ? "" : line(output, "apr_"));
        }
    },

    /** From the package nghttp2-client. */
    H2LOAD("h2load, h2c", "h2load", "-c4 -m4 -D5") {

        @Override
        public Optional<String> ownErrors() {
            return Optional.of("h2load opens no other connection after a GOAWAY, and counts what it has not sent then");
        }

        @Override
        Result read(String output) {
            long complete = number(output, "(\\d+) succeeded");
            long lost = number(output, "(\\d+) started") - complete;
            return Result.of(complete, lost, (lost > 0) ? line(output, "requests: ") : "");
        }
    };

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String label;

    private final String program;

    private final String arguments;

    LoadTool(String label, String program, String arguments) {
        this.label = label;
        this.program = program;
        this.arguments = arguments;
    }

    /** Reads what it wrote at its end. */
    abstract Result read(String output);

    @Override
    public String label() {
        return this.label;
    }

    @Override
    public Optional<String> missing() {
        return (Command.run(this.program, "-h").code() == 127) ? Optional.of(this.program) : Optional.empty();
    }

    @Override
    public Run start(String url) {
        List<String> command = new ArrayList<>(List.of(this.program));
        command.addAll(List.of(this.arguments.split(" ")));
        command.add(url);
        ConcurrentClients<Result> run = ConcurrentClients.start(
                this.program, 1, () -> read(Command.run(command, LIMIT).output()));
        return () -> run.results(LIMIT).get(0);
    }

    private static String line(String output, String pattern) {
        Pattern sought = Pattern.compile(pattern);
        return output.lines()
                .filter((line) -> sought.matcher(line).find())
                .findFirst()
                .orElse(output);
    }

    private static long number(String output, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}

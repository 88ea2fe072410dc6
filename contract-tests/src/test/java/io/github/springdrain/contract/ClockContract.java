// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process whose wall clock is set while it drains: no limit of a drain goes by that clock. */
abstract class ClockContract {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration DEADLINE = Duration.ofSeconds(8);

    /** The drain aborts a little before its deadline, and needs the rest for the report. */
    private static final Duration RESERVE = Duration.ofSeconds(1);

    private static final Pattern AGE = Pattern.compile("GET /slow, (-?\\d+) ms old");

    private final Target target;

    ClockContract(Target target) {
        this.target = target;
    }

    @ParameterizedTest
    @ValueSource(ints = {3600, -3600})
    void aClockThatJumpsMovesNoDeadline(int seconds) throws IOException {
        try (FakeClock clock = FakeClock.create();
                SampleProcess server = this.target
                        .sample()
                        .with(
                                "--server.drain.timeout=" + DEADLINE.toSeconds() + "s",
                                "--server.drain.announce.delay=2s")
                        .prefixed(clock.prefix())
                        .start()) {
            RawClient client = server.client().withPatience(LIMIT);
            RawConnection endless = client.connect().request("GET", "/slow?ms=90000");
            RawConnection slow = client.connect().request("GET", "/slow?ms=4000");
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(300));

            long signal = server.terminate();
            server.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
            clock.jump(seconds);
            assertThat(client.get("/hello").summary()).startsWith("COMPLETE 200");
            assertThat(slow.read().summary()).startsWith("COMPLETE 200");
            DrainVerdict verdict = DrainVerdict.of(server);
            this.target.print("clock set by %d s: gone %d ms after the signal (deadline: %d); %s"
                    .formatted(
                            seconds, verdict.exit().since(signal).toMillis(), DEADLINE.toMillis(), verdict.report()));

            assertThat(jump(verdict.output())).isCloseTo(Duration.ofSeconds(seconds), LIMIT);
            assertThat(verdict.exit().since(signal)).isGreaterThan(DEADLINE.minus(RESERVE));
            // No silence is asked for: whoever asks the time waits for the library that sets it, and may say that it is
            // late.
            verdict.inTime(signal, DEADLINE).forced();
            assertThat(verdict.report()).contains("1 aborted");
            assertThat(ages(verdict.output()))
                    .as("milliseconds that requests are said to be old")
                    .isNotEmpty()
                    .allMatch((millis) ->
                            millis >= 0 && millis < DEADLINE.plus(LIMIT).toMillis());
            assertThat(endless.read().outcome().isLost()).isTrue();
        }
    }

    private static List<Long> ages(ProcessOutput output) {
        return AGE.matcher(output.text())
                .results()
                .map((found) -> Long.valueOf(found.group(1)))
                .toList();
    }

    /** What the process saw of it: without, the test would show nothing. */
    private static Duration jump(ProcessOutput output) {
        return Duration.between(time(output, "Drain ANNOUNCED"), time(output, "Drain report:"));
    }

    private static OffsetDateTime time(ProcessOutput output, String event) {
        String line = output.lines((each) -> each.contains(event)).get(0);
        return OffsetDateTime.parse(line.substring(0, line.indexOf(' ')));
    }

    /** The wall clock of one process, by Debian's libfaketime; its monotonic clock goes on. */
    private record FakeClock(Path library, Path offset) implements AutoCloseable {

        static FakeClock create() throws IOException {
            Optional<Path> library = find();
            assumeTrue(library.isPresent(), "libfaketime (Debian's libfaketime) is missing");
            FakeClock clock = new FakeClock(library.get(), Files.createTempFile("clock", null));
            clock.jump(0);
            return clock;
        }

        private static Optional<Path> find() throws IOException {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu*")) {
                for (Path folder : folders) {
                    Path library = folder.resolve("faketime/libfaketimeMT.so.1");
                    if (Files.exists(library)) {
                        return Optional.of(library);
                    }
                }
            }
            return Optional.empty();
        }

        String[] prefix() {
            return new String[] {
                "env",
                "LD_PRELOAD=" + this.library,
                "FAKETIME_TIMESTAMP_FILE=" + this.offset,
                "FAKETIME_CACHE_DURATION=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "NO_FAKE_STAT=1"
            };
        }

        /** Sets the clock to so many seconds before or behind the machine's. */
        void jump(int seconds) throws IOException {
            Path next = Files.writeString(Files.createTempFile("clock", null), "%+d".formatted(seconds));
            Files.move(next, this.offset, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void close() throws IOException {
            Files.delete(this.offset);
        }
    }
}

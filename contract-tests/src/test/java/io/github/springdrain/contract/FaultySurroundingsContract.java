// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A drain in a process that its machine or its operator gives a hard time: the end comes in time, and says so. */
abstract class FaultySurroundingsContract {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String DRAIN = "/actuator/drain";

    private final Target target;

    FaultySurroundingsContract(Target target) {
        this.target = target;
    }

    @ParameterizedTest
    @ValueSource(strings = {"full disk", "read-only disk", "/dev/full", "missing folder"})
    void aReportFileThatCannotBeWrittenCostsOneLine(String place) throws IOException {
        try (ReportPlace report = ReportPlace.of(place);
                SampleProcess server = this.target
                        .sample()
                        .with("--server.drain.report.file=" + report.file())
                        .start()) {
            Bystanders bystanders = new Bystanders(server);
            long signal = server.terminate();
            assertThat(bystanders.finishUpload().summary()).startsWith("COMPLETE 200");
            DrainVerdict verdict = DrainVerdict.of(server);
            verdict.inTime(signal, Duration.ZERO)
                    .graceful()
                    .quiet("Cannot write the report of the drain into " + report.file());
            assertThat(verdict.output().lines((line) -> line.contains("Cannot write the report of the drain into")))
                    .hasSize(1);
            bystanders.assertUnharmed(signal);
        }
    }

    /** Signals less than a second apart are one; the next one forces, and any more change nothing. */
    @Test
    void signalsThatComeTwiceAndThriceForceOnce() throws IOException {
        try (SampleProcess server =
                this.target.sample().with("--server.drain.timeout=60s").start()) {
            RawConnection endless = server.client().connect().request("GET", "/slow?ms=90000");
            RawConnection fast = server.client().connect().request("GET", "/slow?ms=1000");
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(300));
            // All the same: of different ones the JVM may take a later one first, which then names the exit code.
            server.terminate();
            server.terminate();
            server.terminate();
            server.output().await((line) -> line.contains("Drain FINISHING"), LIMIT);
            assertThat(fast.read().summary()).startsWith("COMPLETE 200");
            Moment.await(System.nanoTime(), Duration.ofMillis(1100));
            assertThat(server.output().text()).doesNotContain("Drain FORCING");
            long last = server.signal("INT");
            server.terminate();
            server.terminate();
            DrainVerdict verdict = DrainVerdict.of(server);
            verdict.inTime(last, Duration.ZERO)
                    .forced()
                    .quietBesideAborts(
                            this.target.variant().container(), "Drain forced", "once more: the drain is forced");
            assertThat(verdict.report()).contains("1 aborted");
            assertThat(endless.read().outcome().isLost()).isTrue();
        }
    }

    /** Fifty clients start, join, look at, resume and wait for drains; then comes the signal. */
    @Test
    void anEndpointUnderFireRespondsToEveryoneAndTheDrainEnds() throws IOException {
        int managementPort = Ports.free();
        try (SampleProcess server = this.target
                .sample()
                .with("--management.server.port=" + managementPort, "--server.drain.prestop.http-get=true")
                .with("--server.drain.announce.delay=3s", "--server.drain.timeout=20s")
                .start()) {
            RawClient management = server.managementClient().withPatience(LIMIT);
            Bystanders bystanders = new Bystanders(server);
            List<Callable<Map<String, Integer>>> fire = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                fire.add(() -> fire(management, number));
            }
            ConcurrentClients<Map<String, Integer>> firing = ConcurrentClients.start("fire", fire);
            Moment.await(System.nanoTime(), Duration.ofSeconds(4));
            long signal = server.terminate();
            assertThat(bystanders.finishUpload().summary()).startsWith("COMPLETE 200");
            DrainVerdict verdict = DrainVerdict.of(server);
            Map<String, Integer> outcomes = new TreeMap<>();
            firing.results(LIMIT)
                    .forEach((one) -> one.forEach((key, count) -> outcomes.merge(key, count, Integer::sum)));
            this.target.print("endpoint under fire: gone %d ms after the signal; %s"
                    .formatted(verdict.exit().since(signal).toMillis(), outcomes));
            // Whoever resumes drains that fast may have to wait, and is told so. The management server is not drained:
            // who connects while Spring Boot stops it gets a 503 or nothing, and the container says so.
            verdict.inTime(signal, Duration.ofSeconds(20))
                    .quietBesideAborts(this.target.variant().container(), "its announcement is not undone");
            assertThat(verdict.output().lines((line) -> line.contains("Drain report:")))
                    .isNotEmpty()
                    .noneMatch((line) -> line.contains("forced"));
            bystanders.assertUnharmed(signal);
            assertThat(outcomes).containsKeys("GET COMPLETE 200", "POST COMPLETE 200", "DELETE COMPLETE 200");
            assertThat(outcomes.keySet())
                    .as("statuses of whole responses")
                    .filteredOn((key) -> key.contains("COMPLETE"))
                    .isSubsetOf(
                            "GET COMPLETE 200",
                            "GET COMPLETE 409",
                            "POST COMPLETE 200",
                            "POST COMPLETE 202",
                            "DELETE COMPLETE 200",
                            "DELETE COMPLETE 409");
        }
    }

    /** Until nobody listens any more; what became of each kind of request, counted. */
    private static Map<String, Integer> fire(RawClient management, int number) {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = number; true; i++) {
            RawResponse response;
            String method = "POST";
            switch (i % 7) {
                case 0 -> response = management.post(DRAIN);
                case 1 -> {
                    method = "DELETE";
                    response = management.delete(DRAIN);
                }
                case 2 -> response = management.post(DRAIN + "/wait");
                case 3 -> {
                    method = "GET";
                    response = management.get(DRAIN + "/prestop");
                }
                default -> {
                    method = "GET";
                    response = management.get(DRAIN);
                }
            }
            if (response.outcome() == Outcome.REFUSED) {
                return outcomes;
            }
            outcomes.merge(method + " " + response.outcome() + " " + response.status(), 1, Integer::sum);
        }
    }

    /** What waits in the accept queue is served when descriptors come back, or the report says that it was not. */
    @Test
    void aDrainWithoutFileDescriptorsEndsAndSaysWhatItLost() throws IOException {
        assumeTrue(Command.run("prlimit", "--version").code() == 0, "prlimit (Debian's util-linux) is missing");
        Duration deadline = Duration.ofSeconds(10);
        int descriptors = 200;
        try (SampleProcess server = this.target
                .sample()
                .with("--server.drain.timeout=" + deadline.toSeconds() + "s")
                .prefixed("prlimit", "--nofile=" + descriptors + ":" + descriptors)
                .start()) {
            RawClient client = server.client().withPatience(LIMIT);
            RawConnection slow = client.connect().request("GET", "/slow?ms=4000");
            Backlog.awaitEmpty(server.port(), LIMIT);
            List<RawConnection> many = new ArrayList<>();
            for (int i = 0; i < descriptors; i++) {
                many.add(client.connect());
            }
            if (!this.target.tls()) {
                many.forEach((each) -> each.request("GET", "/hello"));
            }
            Moment.await(System.nanoTime(), Duration.ofMillis(700));
            int queued = Backlog.length(server.port());
            long signal = server.terminate();
            ConcurrentClients<RawResponse> responses = ConcurrentClients.forEach("many", many, (each) -> {
                RawResponse response =
                        this.target.tls() ? each.request("GET", "/hello").read() : each.read();
                // Kept, as by a client with a pool, until the server ends it.
                each.awaitEnd(LIMIT);
                each.close();
                return response;
            });
            DrainVerdict verdict = DrainVerdict.of(server);
            Map<String, Long> outcomes = responses.results(LIMIT).stream()
                    .collect(Collectors.groupingBy(
                            (response) -> response.outcome() + " " + response.status(),
                            TreeMap::new,
                            Collectors.counting()));
            long lost = outcomes.entrySet().stream()
                    .filter((entry) -> !entry.getKey().equals("COMPLETE 200"))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            List<String> strange = DrainVerdict.strange(verdict.output());
            this.target.print("no descriptors: %d queued, gone %d ms after the signal, %s; %s; %d lines of warning: %s"
                    .formatted(
                            queued,
                            verdict.exit().since(signal).toMillis(),
                            outcomes,
                            verdict.report(),
                            strange.size(),
                            strange.stream().limit(12).collect(Collectors.joining("\n  "))));
            verdict.inTime(signal, deadline);
            assertThat(slow.read().summary()).startsWith("COMPLETE 200");
            assertThat(queued).isPositive();
            if (lost > 0) {
                verdict.forced();
            }
        }
    }

    /** Two megabytes are left of the heap when the signal comes. */
    @Test
    void aDrainWithHardlyAnyHeapEnds() throws IOException {
        Duration deadline = Duration.ofSeconds(10);
        try (SampleProcess server = this.target
                .sample()
                .image(false)
                .with("--server.drain.timeout=" + deadline.toSeconds() + "s")
                .withJvm("-Xmx96m")
                .filling()
                .start()) {
            RawConnection slow = server.client().connect().request("GET", "/slow?ms=2000");
            Backlog.awaitEmpty(server.port(), LIMIT);
            server.send("fill");
            server.output().await(HeapFiller.FULL::equals, LIMIT);
            Bystanders bystanders = new Bystanders(server);
            long signal = server.terminate();
            DrainVerdict verdict = DrainVerdict.of(server);
            RawResponse slowResponse = slow.read();
            this.target.print("hardly any heap: gone %d ms after the signal, %s, %d bystanders' requests lost; %s; %s"
                    .formatted(
                            verdict.exit().since(signal).toMillis(),
                            slowResponse.summary(),
                            bystanders.harmed(signal),
                            verdict.report(),
                            DrainVerdict.strange(verdict.output()).stream()
                                    .limit(12)
                                    .collect(Collectors.joining("\n  "))));
            verdict.inTime(signal, deadline);
        }
    }

    /** Where a report cannot be written, and why. */
    private record ReportPlace(Path file, Path mounted) implements AutoCloseable {

        private static final Path NOTHING = Path.of("");

        static ReportPlace of(String place) throws IOException {
            return switch (place) {
                case "full disk" -> disk(true);
                case "read-only disk" -> disk(false);
                case "missing folder" -> new ReportPlace(Path.of("/nowhere/report"), NOTHING);
                default -> new ReportPlace(Path.of(place), NOTHING);
            };
        }

        private static ReportPlace disk(boolean full) throws IOException {
            Path folder = Files.createTempDirectory("report-disk");
            boolean mounted = Command.run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.toString())
                            .code()
                    == 0;
            if (!mounted) {
                Files.delete(folder);
            }
            assumeTrue(mounted, "root is needed to mount a small disk");
            if (full) {
                Command.run("dd", "if=/dev/zero", "of=" + folder.resolve("filler"), "bs=4k");
            } else {
                Command.require("mount", "-o", "remount,ro", folder.toString());
            }
            return new ReportPlace(folder.resolve("report"), folder);
        }

        @Override
        public void close() throws IOException {
            if (!this.mounted.equals(NOTHING)) {
                Command.require("umount", this.mounted.toString());
                Files.delete(this.mounted);
            }
        }
    }
}

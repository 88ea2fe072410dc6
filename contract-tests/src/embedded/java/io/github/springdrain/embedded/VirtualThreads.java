// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import io.github.springdrain.contract.Command;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Control;
import io.github.springdrain.contract.KeptConnections;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.boot.WebApplicationType;

/** Applications whose requests are served by virtual threads, with {@code spring.threads.virtual.enabled}. */
final class VirtualThreads {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Pattern VERSION = Pattern.compile("version \"(\\d+)");

    private static final int REQUESTS = 30;

    private static final int CONNECTIONS = 12;

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private VirtualThreads() {}

    /** Requests in service have their responses, on connections that are kept busy too. */
    static void loseNothing(WebApplicationType type, String... paths) {
        assumeVirtualThreads();
        assertThat(lostOf(type, true, paths)).isZero();
        assertThat(Control.lostByChance(() -> lostOf(type, false, paths)))
                .as("plain Spring Boot")
                .isPositive();
    }

    private static long lostOf(WebApplicationType type, boolean drain, String... paths) {
        int port = Ports.free();
        try (ChildProcess application = start(type, port, "--server.drain.enabled=" + drain)) {
            RawClient client = RawClient.plain("localhost", port).withPatience(LIMIT);
            assertThat(client.get("/hello").text()).isEqualTo("virtual");
            List<String> requests = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                requests.add(paths[i % paths.length] + "?ms=3000");
            }
            ConcurrentClients<RawResponse> slow = ConcurrentClients.forEach("slow", requests, client::get);
            application.output().await((line) -> line.equals("in service: " + requests.size()), LIMIT);
            KeptConnections kept = KeptConnections.start(client, CONNECTIONS);
            client.get("/hello");
            long signal = application.terminate();
            ChildProcess.Exit exit = application.awaitExit(LIMIT);
            List<RawResponse> responses = slow.results(LIMIT);
            long lost = kept.lost();
            System.out.printf(
                    "virtual threads, %s, drain %s: %d lost on %d kept connections, ended after %d ms%n",
                    type, drain, lost, CONNECTIONS, exit.since(signal).toMillis());
            if (drain) {
                assertThat(responses).allSatisfy((response) -> {
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.text()).isEqualTo("virtual");
                });
            }
            return lost;
        }
    }

    /** What is left at the deadline is named with its thread and interrupted: the end of the process does not wait for it. */
    static void areNamedAndInterrupted(WebApplicationType type, String path, String thread) {
        assumeVirtualThreads();
        int port = Ports.free();
        try (ChildProcess application = start(type, port, "--server.drain.timeout=2s")) {
            RawClient client = RawClient.plain("localhost", port).withPatience(LIMIT);
            ConcurrentClients<RawResponse> slow =
                    ConcurrentClients.start("slow", 1, () -> client.get(path + "?ms=60000"));
            application.output().await((line) -> line.equals("in service: 1"), LIMIT);
            long signal = application.terminate();
            ChildProcess.Exit exit = application.awaitExit(LIMIT);
            System.out.printf(
                    "virtual threads, %s: %s, ended after %d ms%n%s%n",
                    type,
                    slow.results(LIMIT),
                    exit.since(signal).toMillis(),
                    String.join("\n", application.output().lines((line) -> line.contains(path))));
            assertThat(exit.since(signal)).isLessThan(Duration.ofSeconds(30));
            assertThat(application.output().lines((line) -> line.contains("GET " + path)))
                    .isNotEmpty()
                    .allSatisfy((line) -> assertThat(line).contains(thread));
        }
    }

    private static ChildProcess start(WebApplicationType type, int port, String... arguments) {
        List<String> command = new ArrayList<>(ClassPath.javaOfTests());
        command.addAll(List.of(
                VirtualThreadsApplication.class.getName(),
                type.name(),
                "--server.port=" + port,
                "--spring.threads.virtual.enabled=true",
                "--server.shutdown=graceful",
                "--spring.main.banner-mode=off"));
        command.addAll(List.of(arguments));
        ChildProcess application = ChildProcess.start("virtual", command);
        application.output().await((line) -> line.contains("Started VirtualThreadsApplication in"), LIMIT);
        return application;
    }

    private static void assumeVirtualThreads() {
        String text = Command.run(ChildProcess.java(), "-version").output();
        int version = VERSION.matcher(text)
                .results()
                .findFirst()
                .map((MatchResult found) -> Integer.parseInt(found.group(1)))
                .orElse(0);
        assumeTrue(
                version >= FIRST_WITH_VIRTUAL_THREADS,
                "Virtual threads need Java 21 or later: -Dcontract.java.home=/path/to/jdk");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * While no drain runs, an application with the starter serves every exchange as plain Spring Boot does, but for the
 * differences that the documentation lists.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class MatrixIT {

    /**
     * How often plain Spring Boot may show how it can end an exchange, where that is a matter of chance. Over TLS a client
     * that breaks off its body is an {@code IOException} in one of thirty, and an {@code EOFException} or silence else.
     */
    private static final int PLAIN_RUNS = 200;

    private static final Duration PLAIN_LIMIT = Duration.ofSeconds(20);

    private static final List<String> SERVERS =
            List.of("Tomcat 10.1", "Tomcat 11", "Jetty 12.0", "Jetty 12.1", "Undertow");

    private static final Pattern WANTED = Pattern.compile(System.getProperty("matrix.case", ""));

    private static final long SLOW_MILLIS = 2000;

    /** All, or those whose names a pattern is found in. */
    private final List<Case> cases = Cases.all().stream()
            .filter((exchange) -> WANTED.matcher(exchange.name()).find())
            .toList();

    private final AcceptedDifferences accepted = AcceptedDifferences.read();

    /** What every exchange came to, to be looked up in {@code target/matrix.txt}. */
    private final Queue<String> outcomes = new ConcurrentLinkedQueue<>();

    private final ExecutorService clear = Executors.newSingleThreadExecutor();

    private final ExecutorService secured = Executors.newSingleThreadExecutor();

    private final ExecutorService plainRuns = Executors.newFixedThreadPool(2);

    private MatrixServer plain;

    private MatrixServer drained;

    @BeforeAll
    void start() {
        // One after the other: what Tomcat knows of ciphers is not made for two that begin at the same time.
        this.plain = MatrixServer.start(false);
        this.drained = MatrixServer.start(true);
    }

    @AfterAll
    void stop() throws IOException {
        Files.write(Path.of("target", "matrix.txt"), this.outcomes);
        this.clear.shutdownNow();
        this.secured.shutdownNow();
        this.plainRuns.shutdownNow();
        this.plain.close();
        this.drained.close();
    }

    @TestFactory
    Stream<DynamicTest> exchangesAreServedAsByPlainSpringBoot() {
        return Stream.of(Listener.values())
                .filter((listener) -> ContainerSetUp.PROXY_PROTOCOL || !listener.isProxied())
                .flatMap((listener) -> this.cases.stream()
                        .filter((exchange) -> exchange.listeners().test(listener))
                        .map((exchange) -> begin(listener, exchange)))
                // All are on their way before the first is awaited.
                .toList()
                .stream();
    }

    /** Listeners with TLS and without belong to different applications, so that they can be at work at the same time. */
    private DynamicTest begin(Listener listener, Case exchange) {
        CompletableFuture<Void> comparison = CompletableFuture.runAsync(
                () -> compare(listener, exchange), listener.isTls() ? this.secured : this.clear);
        return DynamicTest.dynamicTest(listener + ": " + exchange.name(), () -> {
            try {
                comparison.join();
            } catch (CompletionException ex) {
                throw ex.getCause();
            }
        });
    }

    private void compare(Listener listener, Case exchange) {
        long start = System.nanoTime();
        run(listener, exchange);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        if (millis > SLOW_MILLIS) {
            System.out.printf("%s: %s took %d ms%n", listener, exchange.name(), millis);
        }
    }

    private void run(Listener listener, Case exchange) {
        Difference difference = this.accepted.find(exchange.name());
        for (int i = 0; i < exchange.times(); i++) {
            CompletableFuture<Transcript> starting =
                    CompletableFuture.supplyAsync(() -> this.plain.run(listener, exchange.script()), this.plainRuns);
            Transcript actual = this.drained.run(listener, exchange.script());
            Transcript expected = starting.join();
            this.outcomes.add(
                    "%s: %s: %s | %s".formatted(listener, exchange.name(), expected.summary(), actual.summary()));
            if (difference != null) {
                difference.check(expected, actual);
            } else if (!actual.equals(expected)) {
                checkAgainstChance(listener, exchange, expected, actual);
            }
        }
    }

    private void checkAgainstChance(Listener listener, Case exchange, Transcript expected, Transcript actual) {
        if (actual.isWholeWhere(expected)) {
            return;
        }
        long start = System.nanoTime();
        for (int i = 0; i < PLAIN_RUNS && System.nanoTime() - start < PLAIN_LIMIT.toNanos(); i++) {
            if (this.plain.run(listener, exchange.script()).equals(actual)) {
                return;
            }
        }
        // Once more, as a line of the log may come late on a busy machine; not where a defect may be a matter of
        // chance.
        if (exchange.times() > 1
                || !this.drained.run(listener, exchange.script()).equals(expected)) {
            fail("%s: %s%n%s", listener, exchange.name(), actual.differenceFrom(expected));
        }
    }

    @Test
    void everyListedDifferenceIsOneOfAKnownCaseAndServer() {
        List<String> names = Cases.all().stream().map(Case::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(this.accepted.all()).isNotEmpty().allSatisfy((difference) -> {
            assertThat(names).contains(difference.name());
            assertThat(SERVERS).containsAll(difference.servers());
        });
        assertThat(SERVERS).contains(ContainerSetUp.NAME);
    }
}

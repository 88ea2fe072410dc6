// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Plays the scenario with the drain off and on, prints what clients saw, and writes the page. Exits with 0 only if the
 * drain lost nothing and its absence lost something. System properties: {@code demo.variant} is the sample to run,
 * {@code demo.page} the file to write.
 */
public final class DemoMain {

    private static final Duration LIMIT = Duration.ofSeconds(170);

    private DemoMain() {}

    /** Runs the demo; takes no arguments. */
    public static void main(String[] arguments) {
        endAfter(LIMIT);
        ChildProcess.endWithParent();
        System.exit(run() ? 0 : 1);
    }

    private static boolean run() {
        try {
            return compare(
                    variant(System.getProperty("demo.variant", Variant.BOOT4_TOMCAT.id())),
                    Path.of(System.getProperty("demo.page", "target/drain-demo.html")));
        } catch (IOException | RuntimeException | AssertionError ex) {
            System.err.println("FAILED: the demo could not be played to its end.");
            ex.printStackTrace();
            return false;
        }
    }

    private static boolean compare(Variant variant, Path page) throws IOException {
        var scenario = new Scenario(variant, new Progress(System.out));
        DemoRun off = scenario.play(false);
        DemoRun on = scenario.play(true);
        Verdict verdict = Verdict.of(off, on);
        new Page(variant.id(), verdict, List.of(off, on)).write(page);
        System.out.println();
        System.out.println(new Summary(off, on).format());
        System.out.println(verdict.sentence());
        System.out.println("The picture of both runs: " + page.toAbsolutePath());
        return verdict.shown();
    }

    private static Variant variant(String id) {
        return Arrays.stream(Variant.values())
                .filter((variant) -> variant.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("demo.variant is '%s' (expected: one of %s)"
                        .formatted(
                                id,
                                Arrays.stream(Variant.values()).map(Variant::id).collect(Collectors.joining(", ")))));
    }

    /** Ends this JVM, and with it the servers it started, should anything hang. */
    private static void endAfter(Duration limit) {
        var watchdog = new Thread(
                () -> {
                    try {
                        Thread.sleep(limit.toMillis());
                    } catch (InterruptedException ex) {
                        return;
                    }
                    System.err.println("FAILED: the demo had not ended after " + limit.toSeconds() + " s.");
                    System.exit(1);
                },
                "demo-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The two courses as one HTML file that needs nothing else: a fixed page with the data written into it. */
final class Page {

    private static final String PLACE_OF_DATA = "/*DATA*/ null";

    private final Map<String, Object> data = new LinkedHashMap<>();

    Page(String variant, Verdict verdict, List<DemoRun> courses) {
        this.data.put("variant", variant);
        this.data.put("java", Runtime.version().toString());
        this.data.put("verdict", verdict.sentence());
        this.data.put("shown", verdict.shown());
        this.data.put(
                "kinds",
                Arrays.stream(ClientKind.values()).map(ClientKind::label).toList());
        this.data.put(
                "results", Arrays.stream(Result.values()).map(Page::result).toList());
        this.data.put("courses", courses.stream().map(Page::course).toList());
    }

    void write(Path target) throws IOException {
        Files.createDirectories(Objects.requireNonNull(target.toAbsolutePath().getParent()));
        Files.writeString(target, template().replace(PLACE_OF_DATA, Json.of(this.data)));
    }

    private static Map<String, Object> course(DemoRun course) {
        var log = course.shutdownLog();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", course.name());
        result.put("arguments", course.arguments());
        result.put("began", millis(course.beganAtNanos() - course.signalAtNanos()));
        result.put("exit", course.exitAfterSignal().toMillis());
        result.put("exitAfterLastResponse", course.exitAfterLastResponse().toMillis());
        result.put("queued", course.queuedAtSignal());
        result.put("lost", course.lost());
        result.put("phases", log.phases().stream().map(Page::phase).toList());
        result.put("log", log.entries().stream().map(Page::entry).toList());
        result.put(
                "attempts",
                Arrays.stream(ClientKind.values())
                        .flatMap((kind) -> attempts(course, kind))
                        .toList());
        return result;
    }

    private static Map<String, Object> result(Result result) {
        return Map.of("id", result.name(), "label", result.label(), "lost", result.isLost());
    }

    /** The attempts of one kind of client, grouped by what they came to. */
    private static Stream<Map<String, Object>> attempts(DemoRun course, ClientKind kind) {
        return course.attempts().stream()
                .filter((attempt) -> attempt.kind() == kind)
                .collect(Collectors.groupingBy(
                        Attempt::result,
                        TreeMap::new,
                        Collectors.mapping(
                                (attempt) -> millis(attempt.endedAtNanos() - course.signalAtNanos()),
                                Collectors.toList())))
                .entrySet()
                .stream()
                .map((entry) ->
                        Map.of("kind", kind.label(), "result", entry.getKey().name(), "at", entry.getValue()));
    }

    private static Map<String, Object> phase(ShutdownLog.Phase phase) {
        return Map.of("name", phase.name(), "at", phase.atMillis());
    }

    private static List<Object> entry(ShutdownLog.Entry entry) {
        return List.of(entry.atMillis(), entry.text());
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static String template() throws IOException {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream("drain-demo.html"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

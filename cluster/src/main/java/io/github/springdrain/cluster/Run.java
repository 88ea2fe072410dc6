// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.github.springdrain.cluster.load.FailedLine;
import io.github.springdrain.cluster.load.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One scenario with one strategy, while it is under way. Used by one thread. */
final class Run {

    /** A JVM that was ended by SIGTERM. */
    private static final int TERMINATED = 143;

    private static final Set<String> WORTH_A_NOTE =
            Set.of("Killing", "Unhealthy", "BackOff", "FailedPreStopHook", "Evicted", "FailedKillPod");

    private final Site site;

    private final Scenario scenario;

    private final Strategy strategy;

    private final String variation;

    private final Consumer<Result> results;

    private final long began = System.nanoTime();

    private final List<String> notes = new ArrayList<>();

    private final List<String> faults = new ArrayList<>();

    private final List<Timeline> timelines = new ArrayList<>();

    private Tally tally = Tally.NONE;

    private Map<String, Optional<Recorder.Ending>> endings = Map.of();

    /** One whose result {@code results} is told of. */
    Run(Site site, Scenario scenario, Strategy strategy, String variation, Consumer<Result> results) {
        this.site = site;
        this.scenario = scenario;
        this.strategy = strategy;
        this.variation = variation;
        this.results = results;
    }

    /** Does something to the pods and writes down what came of the load meanwhile. */
    void measure(Runnable action) {
        Site.Measurement measurement = this.site.measure(
                this.scenario.label() + ", " + this.strategy.label()
                        + (this.variation.isEmpty() ? "" : ", " + this.variation),
                action);
        this.tally = measurement.tally();
        Timeline timeline = measurement.timeline();
        this.timelines.add(timeline);
        Map<String, Long> events = this.site.recorder().happenings(timeline.fromMillis()).stream()
                .filter((happening) -> WORTH_A_NOTE.contains(happening.reason()))
                .collect(Collectors.groupingBy(Recorder.Happening::reason, TreeMap::new, Collectors.counting()));
        note("events " + events);
        this.endings = measurement.endings();
    }

    /** Adds something that was seen. */
    void note(String note) {
        this.notes.add(note);
    }

    /** Adds something that is not as it has to be. */
    void fault(String fault) {
        this.faults.add(fault);
    }

    /**
     * With the starter, each pod that is gone ended by itself, the API had its report, and no endpoint was ready any more
     * when its listeners closed.
     */
    void checkEndings() {
        if (!this.strategy.isStarter()) {
            return;
        }
        if (this.endings.isEmpty()) {
            fault("no pod is gone");
        }
        this.endings.forEach((pod, ending) -> {
            ending.ifPresentOrElse(
                    (present) -> checkEnding(pod, present), () -> fault("the API never showed the end of " + pod));
            checkOrder(pod);
            noteLastScrape(pod);
        });
        note("%d reports in the API"
                .formatted(this.endings.values().stream()
                        .filter(Optional::isPresent)
                        .count()));
    }

    private void checkEnding(String pod, Recorder.Ending ending) {
        if (ending.code() != TERMINATED && ending.code() != 0) {
            fault("%s ended with %d (%s)".formatted(pod, ending.code(), ending.reason()));
        }
        if (!ending.message().startsWith("drain graceful")) {
            fault("%s has the message '%s'".formatted(pod, ending.message()));
        }
    }

    private void checkOrder(String pod) {
        History history = this.site.recorder().history();
        Optional<Long> closed = history.first(pod, Recorder.DRAIN, "EMPTYING_ACCEPT_QUEUE");
        Optional<Long> left = Stream.of("serving, terminating", "terminating")
                .flatMap((state) -> history.first(pod, Recorder.ENDPOINT, state).stream())
                .min(Long::compare);
        if (closed.isEmpty()) {
            fault("the log of %s has no phase EMPTYING_ACCEPT_QUEUE".formatted(pod));
        } else if (left.isEmpty() || left.get() > closed.get()) {
            fault("the endpoint of %s was ready when its listeners closed".formatted(pod));
        } else {
            note("the endpoint was out %.1f s before the listeners closed"
                    .formatted((closed.get() - left.get()) / 1000.0));
        }
    }

    private void noteLastScrape(String pod) {
        Optional<Long> ended = this.site.recorder().history().first(pod, Recorder.POD, "ended");
        this.site
                .scraper()
                .last(pod)
                .ifPresent((scrape) -> note("last scrape in phase %d%s"
                        .formatted(
                                scrape.phase(),
                                ended.map((millis) -> ", %d ms before the end".formatted(millis - scrape.millis()))
                                        .orElse(""))));
    }

    /** When new connections first failed, and when the pod said that it takes no more. */
    void noteGap(String pod, String readiness) {
        long beganMillis =
                this.timelines.stream().mapToLong(Timeline::fromMillis).min().orElseThrow();
        History history = this.site.recorder().history();
        Optional<Long> closed = history.first(pod, Recorder.DRAIN, "EMPTYING_ACCEPT_QUEUE");
        Optional<Long> failed = this.timelines.stream()
                .flatMap((timeline) -> timeline.failures().stream())
                .map(FailedLine::endedMillis)
                .min(Long::compare);
        failed.ifPresent((millis) ->
                note("the first failure %.1f s after the deletion".formatted((millis - beganMillis) / 1000.0)));
        closed.ifPresent((millis) ->
                note("the pod's listeners closed %.1f s after it".formatted((millis - beganMillis) / 1000.0)));
        if (readiness.equals("at-close") && failed.isPresent() && closed.isPresent() && failed.get() < closed.get()) {
            fault("requests failed before the listeners closed");
        }
    }

    /** Passes the result on. */
    void end() {
        this.results.accept(new Result(
                this.scenario,
                this.strategy,
                this.variation,
                this.tally,
                Duration.ofNanos(System.nanoTime() - this.began),
                List.copyOf(this.notes),
                List.copyOf(this.faults),
                List.copyOf(this.timelines)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.testing.RecordingServer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DrainMetricsTests {

    private final RecordingServer server = new RecordingServer();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void readsZeroWhileRunning() {
        bind(DrainSettings.DEFAULTS);
        this.server.total(100, 100, 0);
        assertThat(this.registry.getMeters())
                .isNotEmpty()
                .allSatisfy((meter) ->
                        assertThat(meter.measure().iterator().next().getValue()).isZero());
    }

    @Test
    void scansNothingWhileNoDrainIsUnderWay() throws Exception {
        DrainEngine drain = bind(DrainSettings.DEFAULTS);
        scrape();
        assertThat(this.server.scans()).isZero();
        assertThat(drain.start(DrainTrigger.ENDPOINT).awaitReport()).isTrue();
        int before = this.server.scans();
        scrape();
        assertThat(this.server.scans()).isEqualTo(before);
    }

    @Test
    void showsWhatLingersWhileNoDrainIsUnderWay() {
        bind(DrainSettings.DEFAULTS);
        this.server.total(0, 0, 3);
        assertThat(gauge("server.drain.lingering")).isEqualTo(3);
    }

    private void scrape() {
        assertThat(this.registry.getMeters())
                .isNotEmpty()
                .allSatisfy((meter) -> assertThat(meter.measure()).isNotEmpty());
        this.registry.getMeters().forEach((meter) -> meter.measure().forEach(Measurement::getValue));
    }

    @Test
    void countsFromTheAnnouncementOn() throws Exception {
        this.server.total(100, 100, 3);
        DrainEngine drain = bind(DrainSettings.DEFAULTS);
        ConnectionSnapshot slow = this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        DrainHandle run = drain.start(DrainTrigger.ENDPOINT);
        await().atMost(Duration.ofSeconds(30)).until(() -> drain.phase() == DrainPhase.FINISHING);
        this.server.total(107, 112, 2);
        assertThat(counter("server.drain.requests", "outcome", "completed")).isEqualTo(12);
        assertThat(counter("server.drain.accepted")).isEqualTo(7);
        assertThat(gauge("server.drain.lingering")).isEqualTo(2);
        assertThat(gauge("server.drain.phase")).isEqualTo(4);
        assertThat(gauge("server.drain.remaining")).isBetween(1.0, 25.0);
        this.server.close(slow);
        this.server.total(107, 112, 0);
        assertThat(run.awaitReport()).isTrue();
        assertThat(counter("server.drain.requests", "outcome", "completed")).isEqualTo(12);
        assertThat(counter("server.drain.accepted.late")).isEqualTo(2);
        assertThat(gauge("server.drain.phase")).isEqualTo(6);
        assertThat(gauge("server.drain.remaining")).isZero();
    }

    @Test
    void countsWhatWasAbortedAndStandsStillAfterwards() throws Exception {
        DrainSettings defaults = DrainSettings.DEFAULTS;
        DrainEngine drain = bind(new DrainSettings(
                Duration.ofSeconds(1), defaults.announce(), defaults.acceptQueue(), defaults.connections()));
        this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        assertThat(drain.start(DrainTrigger.ENDPOINT).awaitReport()).isTrue();
        assertThat(counter("server.drain.requests", "outcome", "forced")).isEqualTo(1);
        assertThat(gauge("server.drain.duration")).isGreaterThan(0.8).isEqualTo(gauge("server.drain.duration"));
    }

    @Test
    void keepsTimeWhereTheServerCannotCount() throws Exception {
        DrainEngine drain = bind(DrainSettings.DEFAULTS);
        this.server.open(ConnectionState.IN_SERVICE, "GET", "/slow");
        this.server.failsToCount(true);
        DrainHandle run = drain.start(DrainTrigger.ENDPOINT);
        await().atMost(Duration.ofSeconds(30)).until(() -> drain.phase() == DrainPhase.FINISHING);
        assertThat(gauge("server.drain.remaining")).isBetween(1.0, 25.0);
        assertThat(gauge("server.drain.duration")).isPositive();
        run.force();
        assertThat(run.awaitReport()).isTrue();
        this.server.failsToCount(false);
        assertThat(gauge("server.drain.remaining")).isZero();
        assertThat(gauge("server.drain.duration")).isPositive().isEqualTo(gauge("server.drain.duration"));
        assertThat(counter("server.drain.requests", "outcome", "forced")).isEqualTo(1);
    }

    @Test
    void everyMeterIsInTheTableOfTheDocumentation() throws IOException {
        bind(DrainSettings.DEFAULTS);
        Set<String> registered = this.registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = Pattern.compile("^\\| `(server[a-z.]+)`", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", "docs", "observability.md")))
                .results()
                .map((match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(registered);
    }

    private DrainEngine bind(DrainSettings settings) {
        DrainEngine drain = new DrainEngine(settings);
        drain.attach(this.server);
        DrainMetrics metrics = new DrainMetrics(drain, drain::server);
        drain.addListener(metrics);
        metrics.bindTo(this.registry);
        return drain;
    }

    private double counter(String name, String... tags) {
        return this.registry.get(name).tags(tags).functionCounter().count();
    }

    private double gauge(String name) {
        Meter meter = this.registry.get(name).meter();
        return (meter instanceof TimeGauge gauge)
                ? gauge.value(TimeUnit.SECONDS)
                : meter.measure().iterator().next().getValue();
    }
}

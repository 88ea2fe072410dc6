package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A drain that is not given the time it has, in fake time: {@code start} returns when it is over. */
class DrainForceTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTime time = new FakeTime();

    private final ScriptedServer server = new ScriptedServer();

    @Test
    void cutsAtOnceWhatIsLeft() {
        DrainEngine drain = drain(Duration.ZERO);
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(SECOND, () -> drain.start(DrainTrigger.CONTEXT_CLOSE).force());
        DrainReport report = reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.duration()).isBetween(SECOND, Duration.ofMillis(1100));
        assertThat(report.aborted()).hasSize(1);
        assertThat(report.phases()).containsKey(DrainPhase.FORCING);
    }

    @Test
    void skipsTheRestOfTheAnnouncementAndStillClosesTheListeners() {
        DrainEngine drain = drain(SECOND.multipliedBy(10));
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(SECOND, () -> drain.start(DrainTrigger.CONTEXT_CLOSE).force());
        DrainReport report = reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.duration()).isBetween(SECOND, Duration.ofMillis(1100));
        assertThat(this.server.calls).containsExactly("announce", "emptyAcceptQueue", "closeListeners", "abort");
    }

    @Test
    void cutsNothingWhereNothingIsLeft() {
        DrainEngine drain = drain(SECOND.multipliedBy(10));
        this.time.at(SECOND, () -> drain.start(DrainTrigger.CONTEXT_CLOSE).force());
        DrainReport report = reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.server.calls).doesNotContain("abort");
    }

    @Test
    void changesNothingOnceTheDrainIsOver() {
        DrainEngine drain = drain(Duration.ZERO);
        DrainHandle run = drain.start(DrainTrigger.CONTEXT_CLOSE);
        run.force();
        assertThat(reportOf(run).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    private DrainEngine drain(Duration delay) {
        DrainSettings settings = new DrainSettings(
                SECOND.multipliedBy(25),
                new DrainSettings.Announce(
                        delay, Duration.ZERO, Duration.ZERO, DrainSettings.ConnectionClose.IMMEDIATE),
                DrainSettings.DEFAULTS.acceptQueue(),
                DrainSettings.DEFAULTS.connections());
        DrainEngine drain = new DrainEngine(settings, this.time, Runnable::run);
        drain.attach(this.server);
        return drain;
    }

    private static DrainReport reportOf(DrainHandle run) {
        return run.report().toCompletableFuture().join();
    }
}

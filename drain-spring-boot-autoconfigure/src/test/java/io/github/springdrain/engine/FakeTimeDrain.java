// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A drain in fake time: {@code start} returns when it is over. */
abstract class FakeTimeDrain {

    static final Duration SECOND = Duration.ofSeconds(1);

    final FakeTime time = new FakeTime();

    final ScriptedServer server = new ScriptedServer();

    final List<String> seen = new ArrayList<>();

    DrainEngine drain = drain(DrainSettings.DEFAULTS);

    DrainEngine drain(DrainSettings settings) {
        DrainEngine created = new DrainEngine(settings, this.time, Runnable::run);
        created.attach(this.server);
        created.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                FakeTimeDrain.this.seen.add(phase.name());
            }

            @Override
            public void resumed() {
                FakeTimeDrain.this.seen.add("resumed");
            }

            @Override
            public void drained(DrainReport report) {
                FakeTimeDrain.this.seen.add("report " + report.outcome());
            }
        });
        return created;
    }

    static DrainSettings settings(Duration timeout, Duration delay, DrainSettings.ConnectionClose close) {
        return settings(timeout, new DrainSettings.Announce(delay, Duration.ZERO, Duration.ZERO, close));
    }

    static DrainSettings settings(Duration timeout, DrainSettings.Announce announce) {
        return new DrainSettings(
                timeout, announce, DrainSettings.DEFAULTS.acceptQueue(), DrainSettings.DEFAULTS.connections());
    }

    DrainReport drainNow() {
        return reportOf(this.drain.start(DrainTrigger.CONTEXT_CLOSE));
    }

    static DrainReport reportOf(DrainHandle run) {
        return run.report().toCompletableFuture().getNow(null);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.step.StepMeterRegistry;
import io.micrometer.core.instrument.step.StepRegistryConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A meter registry that pushes when it is closed, and never before. */
final class PushedRegistry extends StepMeterRegistry {

    private final List<Map<String, Double>> pushes = new CopyOnWriteArrayList<>();

    PushedRegistry() {
        super(new OneStep(), Clock.SYSTEM);
    }

    /** What was pushed so far: the first value of each meter, by its name and those of its tags that identify it. */
    List<Map<String, Double>> pushes() {
        return this.pushes;
    }

    @Override
    protected void publish() {
        Map<String, Double> push = new TreeMap<>();
        getMeters()
                .forEach((meter) -> push.merge(
                        name(meter.getId()), meter.measure().iterator().next().getValue(), Double::sum));
        this.pushes.add(push);
    }

    private static String name(Meter.Id id) {
        StringBuilder name = new StringBuilder(id.getName());
        for (String tag : List.of("uri", "outcome")) {
            String value = id.getTag(tag);
            name.append((value != null) ? " " + value : "");
        }
        return name.toString();
    }

    @Override
    protected TimeUnit getBaseTimeUnit() {
        return TimeUnit.SECONDS;
    }

    /** One step for a whole test. */
    private static final class OneStep implements StepRegistryConfig {

        @Override
        public String prefix() {
            return "test";
        }

        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public Duration step() {
            return Duration.ofHours(10);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.DrainCustomizer;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.InvalidSettingException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** The settings that the properties give, with what the application has changed by code. */
final class CustomizedSettings implements DrainCustomizer.Settings {

    private final DrainSettings given;

    private final boolean delayIsDefault;

    private final Map<Setting, Duration> changed = new EnumMap<>(Setting.class);

    private CustomizedSettings(DrainSettings given, boolean delayIsDefault) {
        this.given = given;
        this.delayIsDefault = delayIsDefault;
    }

    /**
     * Has the customizers change the settings.
     *
     * @param delayIsDefault whether the user has set no announce delay; it then gives way to a shorter timeout
     * @throws InvalidConfigurationPropertyValueException if a value is not allowed
     */
    static DrainSettings of(DrainSettings given, boolean delayIsDefault, Stream<DrainCustomizer> customizers) {
        CustomizedSettings settings = new CustomizedSettings(given, delayIsDefault);
        customizers.forEach((customizer) -> customizer.customize(settings));
        return settings.changed.isEmpty() ? given : settings.build();
    }

    private DrainSettings build() {
        try {
            return new DrainSettings(timeout(), announce(), acceptQueue(), connections(), streams());
        } catch (InvalidSettingException ex) {
            throw new InvalidConfigurationPropertyValueException(
                    DrainProperties.PREFIX + "." + ex.setting(),
                    ex.value(),
                    "Set by a DrainCustomizer, or at odds with what one has set. Allowed: " + ex.expected());
        }
    }

    private Duration timeout() {
        return get(Setting.TIMEOUT, this.given.timeout());
    }

    private DrainSettings.Announce announce() {
        DrainSettings.Announce announce = this.given.announce();
        Duration delay = announce.delay();
        Duration half = timeout().dividedBy(2);
        if (this.delayIsDefault && delay.compareTo(half) > 0) {
            delay = half;
        }
        return new DrainSettings.Announce(
                get(Setting.ANNOUNCE_DELAY, delay),
                get(Setting.ANNOUNCE_MIN_DELAY, announce.minDelay()),
                get(Setting.ANNOUNCE_QUIET_PERIOD, announce.quietPeriod()),
                announce.connectionClose());
    }

    private AcceptQueueLimits acceptQueue() {
        AcceptQueueLimits limits = this.given.acceptQueue();
        return new AcceptQueueLimits(
                get(Setting.ACCEPT_QUEUE_TIMEOUT, limits.timeout()),
                get(Setting.ACCEPT_QUEUE_QUIET_PERIOD, limits.quietPeriod()));
    }

    private IdleLimits connections() {
        IdleLimits limits = this.given.connections();
        return new IdleLimits(
                get(Setting.FIRST_REQUEST_GRACE, limits.firstRequestGrace()),
                get(Setting.IDLE_GRACE, limits.idleGrace()),
                get(Setting.STALL_TIMEOUT, limits.stallTimeout()),
                get(Setting.WEB_SOCKET_CLOSE_SPREAD, limits.closeSpread()));
    }

    private DrainSettings.Streams streams() {
        DrainSettings.Streams streams = this.given.streams();
        return new DrainSettings.Streams(
                get(Setting.STREAMS_TIMEOUT, streams.timeout()), get(Setting.STREAMS_SPREAD, streams.spread()));
    }

    private Duration get(Setting setting, Duration otherwise) {
        return this.changed.getOrDefault(setting, otherwise);
    }

    private DrainCustomizer.Settings set(Setting setting, Duration value) {
        this.changed.put(setting, value);
        return this;
    }

    @Override
    public DrainCustomizer.Settings timeout(Duration timeout) {
        return set(Setting.TIMEOUT, timeout);
    }

    @Override
    public DrainCustomizer.Settings announceDelay(Duration delay) {
        return set(Setting.ANNOUNCE_DELAY, delay);
    }

    @Override
    public DrainCustomizer.Settings announceMinDelay(Duration minDelay) {
        return set(Setting.ANNOUNCE_MIN_DELAY, minDelay);
    }

    @Override
    public DrainCustomizer.Settings announceQuietPeriod(Duration quietPeriod) {
        return set(Setting.ANNOUNCE_QUIET_PERIOD, quietPeriod);
    }

    @Override
    public DrainCustomizer.Settings acceptQueueTimeout(Duration timeout) {
        return set(Setting.ACCEPT_QUEUE_TIMEOUT, timeout);
    }

    @Override
    public DrainCustomizer.Settings acceptQueueQuietPeriod(Duration quietPeriod) {
        return set(Setting.ACCEPT_QUEUE_QUIET_PERIOD, quietPeriod);
    }

    @Override
    public DrainCustomizer.Settings firstRequestGrace(Duration grace) {
        return set(Setting.FIRST_REQUEST_GRACE, grace);
    }

    @Override
    public DrainCustomizer.Settings idleGrace(Duration grace) {
        return set(Setting.IDLE_GRACE, grace);
    }

    @Override
    public DrainCustomizer.Settings stallTimeout(Duration timeout) {
        return set(Setting.STALL_TIMEOUT, timeout);
    }

    @Override
    public DrainCustomizer.Settings webSocketCloseSpread(Duration spread) {
        return set(Setting.WEB_SOCKET_CLOSE_SPREAD, spread);
    }

    @Override
    public DrainCustomizer.Settings streamsTimeout(Duration timeout) {
        return set(Setting.STREAMS_TIMEOUT, timeout);
    }

    @Override
    public DrainCustomizer.Settings streamsSpread(Duration spread) {
        return set(Setting.STREAMS_SPREAD, spread);
    }

    private enum Setting {
        TIMEOUT,
        ANNOUNCE_DELAY,
        ANNOUNCE_MIN_DELAY,
        ANNOUNCE_QUIET_PERIOD,
        ACCEPT_QUEUE_TIMEOUT,
        ACCEPT_QUEUE_QUIET_PERIOD,
        FIRST_REQUEST_GRACE,
        IDLE_GRACE,
        STALL_TIMEOUT,
        WEB_SOCKET_CLOSE_SPREAD,
        STREAMS_TIMEOUT,
        STREAMS_SPREAD
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.spring.StreamPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.MimeType;

/**
 * Open-ended streams.
 *
 * @param timeout Time for which open-ended streams may go on after the drain was announced. They are not terminated
 *     before the listeners are closed.
 * @param spread Time over which open-ended streams are terminated, so that their clients do not all reconnect in the
 *     same instant.
 * @param retry Reconnection time that is sent to clients of server-sent events before their stream is terminated.
 * @param mediaTypes Comma-separated list of media types of responses that are terminated as if they were complete.
 *     Others are aborted at the end of the drain, so that half a download does not look whole.
 */
record StreamsProperties(
        @Nullable Duration timeout,
        @DefaultValue("0s") Duration spread,
        @Nullable Duration retry,

        @DefaultValue({
            "text/event-stream",
            "application/x-ndjson",
            "application/*+x-ndjson",
            "application/stream+json",
            "application/json-seq",
            "multipart/x-mixed-replace",
            "text/plain"
        })
        List<MimeType> mediaTypes) {

    /**
     * The policy for the web frameworks.
     *
     * @throws InvalidConfigurationPropertyValueException if a value is not allowed
     */
    StreamPolicy policy() {
        Duration time = this.retry;
        if (time != null && time.isNegative()) {
            throw new InvalidConfigurationPropertyValueException(
                    DrainProperties.PREFIX + ".streams.retry", time, "Allowed: zero or more");
        }
        return new StreamPolicy(this.mediaTypes, time);
    }

    /** The settings of the drain. */
    DrainSettings.Streams settings(DrainEnvironment environment) {
        if (this.timeout != null) {
            return new DrainSettings.Streams(this.timeout, this.spread);
        }
        return environment.isServing()
                ? DrainSettings.Streams.untilTheLast(this.spread)
                : new DrainSettings.Streams(Duration.ZERO, this.spread);
    }
}

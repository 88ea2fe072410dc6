// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.server.InvalidSettingException;
import io.github.springdrain.server.linger.LingerLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * The lingering close.
 *
 * @param enabled Whether a connection whose peer is still sending is read to its end instead of being reset, also
 *     while no drain is under way.
 * @param idleTimeout Time without a byte from the peer after which a lingering connection is closed.
 * @param timeout Time after which a lingering connection is closed, whatever its peer sends.
 * @param maxBytes Number of bytes after which a lingering connection is closed.
 * @param maxConnections Number of connections that may linger at the same time. Any more are closed at once.
 * @param unreadBodyTimeout Time for which a thread of the server reads the rest of a request body that the
 *     application has not read, in order to keep the connection. Applies to Tomcat and Undertow.
 * @param unreadBodyMaxBytes Number of bytes of such a body that a thread of the server reads. Applies to Undertow;
 *     Tomcat has 'server.tomcat.max-swallow-size'.
 */
record LingerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("5s") Duration idleTimeout,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("256MB") DataSize maxBytes,
        @DefaultValue("4096") int maxConnections,
        @DefaultValue("100ms") Duration unreadBodyTimeout,
        @DefaultValue("2MB") DataSize unreadBodyMaxBytes) {

    /**
     * The limits of the lingering close.
     *
     * @throws InvalidConfigurationPropertyValueException if a value is not allowed
     */
    LingerLimits limits() {
        try {
            return new LingerLimits(
                    this.idleTimeout,
                    this.timeout,
                    this.maxBytes.toBytes(),
                    this.maxConnections,
                    new LingerLimits.UnreadBody(this.unreadBodyTimeout, this.unreadBodyMaxBytes.toBytes()));
        } catch (InvalidSettingException ex) {
            throw new InvalidConfigurationPropertyValueException(
                    DrainProperties.PREFIX + ".linger." + ex.setting(), ex.value(), "Allowed: " + ex.expected());
        }
    }
}

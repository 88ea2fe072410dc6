// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import java.time.Duration;

/**
 * Changes the settings of the drain by code. Beans of this type are called in their order when the drain is created,
 * after the properties below {@code server.drain} were applied. That is before the web server is created, so a
 * customizer should depend on few other beans.
 */
@FunctionalInterface
public interface DrainCustomizer {

    /** Changes what is to differ from the properties. */
    void customize(Settings settings);

    /** The settings of the drain. What is not called keeps the value of the property of the same name. */
    interface Settings {

        /** Sets {@code server.drain.timeout}. */
        Settings timeout(Duration timeout);

        /** Sets {@code server.drain.announce.delay}. */
        Settings announceDelay(Duration delay);

        /** Sets {@code server.drain.announce.min-delay}. */
        Settings announceMinDelay(Duration minDelay);

        /** Sets {@code server.drain.announce.quiet-period}. */
        Settings announceQuietPeriod(Duration quietPeriod);

        /** Sets {@code server.drain.accept-queue.timeout}. */
        Settings acceptQueueTimeout(Duration timeout);

        /** Sets {@code server.drain.accept-queue.quiet-period}. */
        Settings acceptQueueQuietPeriod(Duration quietPeriod);

        /** Sets {@code server.drain.connections.first-request-grace}. */
        Settings firstRequestGrace(Duration grace);

        /** Sets {@code server.drain.connections.idle-grace}. */
        Settings idleGrace(Duration grace);

        /** Sets {@code server.drain.connections.stall-timeout}. */
        Settings stallTimeout(Duration timeout);

        /** Sets {@code server.drain.websocket.close-spread}. */
        Settings webSocketCloseSpread(Duration spread);

        /** Sets {@code server.drain.streams.timeout}. */
        Settings streamsTimeout(Duration timeout);

        /** Sets {@code server.drain.streams.spread}. */
        Settings streamsSpread(Duration spread);
    }
}

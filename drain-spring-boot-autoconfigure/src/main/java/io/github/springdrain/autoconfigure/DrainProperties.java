// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.InvalidSettingException;
import io.github.springdrain.server.acceptqueue.Sharing;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;

/**
 * What users may set. An unknown key stops start-up, so that a typing error does not go unnoticed until the day of the
 * drain.
 *
 * @param enabled Whether the application is drained before it stops.
 * @param timeout Time for the whole drain, from the first trigger until what is left has been aborted. Where it is not
 *     set, the longer of 25 seconds and 'spring.lifecycle.timeout-per-shutdown-phase', if that is set.
 * @param announce Announcement of the drain, during which everything is still served.
 * @param reusePort Whether to listen with SO_REUSEPORT, so that another process can take over the port. The one that was
 *     there first serves, and the next one stands by until it leaves. Linux only.
 * @param inheritListener Whether to serve the listening socket that the process was started with as its standard input,
 *     and to leave it open for the next process. Applies to Tomcat and Jetty.
 * @param acceptQueue Connections that the kernel holds for the server.
 * @param connections Connections without a request.
 * @param linger Lingering close of connections whose peer is still sending.
 * @param forceOnSecondSignal Whether a second SIGTERM or SIGINT, a second or more after the first, aborts what is left.
 * @param prestop Hook that Kubernetes runs before it terminates a container.
 * @param kubernetes Settings of the pod that the drain has to fit in.
 * @param report Report of the drain.
 * @param streams Open-ended streams.
 * @param websocket WebSocket sessions.
 * @param participants Background work.
 */
@ConfigurationProperties(prefix = DrainProperties.PREFIX, ignoreUnknownFields = false)
record DrainProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Duration timeout,
        @DefaultValue @NestedConfigurationProperty AnnounceProperties announce,
        @DefaultValue("false") boolean reusePort,
        @DefaultValue("false") boolean inheritListener,
        @DefaultValue @NestedConfigurationProperty AcceptQueueProperties acceptQueue,
        @DefaultValue @NestedConfigurationProperty ConnectionsProperties connections,
        @DefaultValue @NestedConfigurationProperty LingerProperties linger,
        @DefaultValue("true") boolean forceOnSecondSignal,
        @DefaultValue PreStop prestop,
        @DefaultValue Kubernetes kubernetes,
        @DefaultValue Report report,
        @DefaultValue @NestedConfigurationProperty StreamsProperties streams,
        @DefaultValue Websocket websocket,
        @DefaultValue @NestedConfigurationProperty ParticipantsProperties participants) {

    static final String PREFIX = "server.drain";

    /**
     * Whom the listeners of a server belong to that opens its own.
     *
     * @throws InvalidConfigurationPropertyValueException if it is to serve one that it has not opened
     */
    Sharing sharing() {
        if (this.inheritListener) {
            throw invalidInheritListener("false on this server, which serves no socket that it has not opened");
        }
        return this.reusePort ? Sharing.REUSE_PORT : Sharing.NONE;
    }

    /**
     * Whom the listeners of a server belong to that may serve one that it has not opened.
     *
     * @throws InvalidConfigurationPropertyValueException if there is none to be served
     */
    Sharing sharingOrInherited() {
        if (!this.inheritListener) {
            return sharing();
        }
        if (this.reusePort) {
            throw invalidInheritListener("false where '" + PREFIX + ".reuse-port' is true");
        }
        if (!hasInheritedListener()) {
            throw invalidInheritListener("true where the standard input of the process is a listening socket, as with"
                    + " 'StandardInput=socket' in a unit of systemd, and here it is none");
        }
        return Sharing.INHERITED;
    }

    private static boolean hasInheritedListener() {
        try {
            return System.inheritedChannel() instanceof ServerSocketChannel;
        } catch (IOException ex) {
            return false;
        }
    }

    private static RuntimeException invalidInheritListener(String allowed) {
        return new InvalidConfigurationPropertyValueException(
                PREFIX + ".inherit-listener", true, "Allowed: " + allowed);
    }

    /**
     * The preStop hook.
     *
     * @param httpGet Whether GET on the drain endpoint's path 'prestop' starts a drain, as the httpGet hook of
     *     Kubernetes needs. Unrestricted access to the endpoint is required as well.
     */
    record PreStop(@DefaultValue("false") boolean httpGet) {}

    /**
     * The pod, as Kubernetes knows it.
     *
     * @param terminationGracePeriod Pod's terminationGracePeriodSeconds. Start-up fails when the shutdown does not
     *     fit in it. If a duration suffix is not specified, seconds are used.
     */
    record Kubernetes(
            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration terminationGracePeriod) {}

    /**
     * The report.
     *
     * @param file File to which one line about the drain is written once it is over. Empty for none.
     */
    record Report(@Nullable String file) {}

    /**
     * WebSocket sessions.
     *
     * @param closeSpread Time over which WebSocket sessions are closed, so that their clients do not all reconnect in the
     *     same instant.
     */
    record Websocket(@DefaultValue("0s") Duration closeSpread) {}

    /**
     * The settings of the drain.
     *
     * @param environment provides the timeout and the delay where the user has set none
     * @throws InvalidConfigurationPropertyValueException if a value is not allowed
     */
    DrainSettings settings(DrainEnvironment environment) {
        Duration wholeDrain = environment.timeLimits(this.timeout).timeout();
        try {
            return new DrainSettings(
                    wholeDrain,
                    announceSettings(environment, wholeDrain),
                    new AcceptQueueLimits(this.acceptQueue.timeout(), this.acceptQueue.quietPeriod()),
                    new IdleLimits(
                            environment.grace("first-request-grace", this.connections.firstRequestGrace()),
                            environment.grace("idle-grace", this.connections.idleGrace()),
                            this.connections.stallTimeout(),
                            this.websocket.closeSpread),
                    this.streams.settings(environment));
        } catch (InvalidSettingException ex) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + "." + ex.setting(), ex.value(), "Allowed: " + ex.expected());
        }
    }

    private DrainSettings.Announce announceSettings(DrainEnvironment environment, Duration wholeDrain) {
        Duration minDelay = this.announce.minDelay();
        Duration delay = this.announce.delay();
        if (delay == null) {
            delay = environment.delay(minDelay, wholeDrain);
            // Where there is nothing to wait for, such as in tests, there is nothing to shorten either.
            minDelay = delay.isZero() ? Duration.ZERO : minDelay;
        }
        return new DrainSettings.Announce(
                delay, minDelay, this.announce.quietPeriod(), this.announce.connectionClose());
    }
}

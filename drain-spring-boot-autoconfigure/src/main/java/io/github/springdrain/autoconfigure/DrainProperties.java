package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.engine.DrainSettings.ConnectionClose;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.InvalidSettingException;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.spring.ReadinessPolicy;
import io.github.springdrain.spring.StreamPolicy;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.MimeType;
import org.springframework.util.unit.DataSize;

/**
 * What users may set. An unknown key stops start-up, so that a typing error does not go unnoticed until the day of the
 * drain.
 *
 * @param enabled Whether the application is drained before it stops.
 * @param timeout Time for the whole drain, from the first trigger until what is left has been aborted. Where it is not
 *     set, the longer of 25 seconds and 'spring.lifecycle.timeout-per-shutdown-phase', if that is set.
 * @param announce Announcement of the drain, during which everything is still served.
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
public record DrainProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Duration timeout,
        @DefaultValue Announce announce,
        @DefaultValue AcceptQueue acceptQueue,
        @DefaultValue Connections connections,
        @DefaultValue Linger linger,
        @DefaultValue("true") boolean forceOnSecondSignal,
        @DefaultValue PreStop prestop,
        @DefaultValue Kubernetes kubernetes,
        @DefaultValue Report report,
        @DefaultValue Streams streams,
        @DefaultValue Websocket websocket,
        @DefaultValue Participants participants) {

    static final String PREFIX = "server.drain";

    /**
     * The announcement.
     *
     * @param delay Time to keep serving after the drain was announced, so that load balancers notice. Where it is not
     *     set, five seconds on Kubernetes and none elsewhere.
     * @param minDelay Part of the announce delay that quiet traffic does not shorten.
     * @param quietPeriod Time without a request, other than health checks and actuator calls, after which the announce
     *     delay ends early. Zero to never end it early.
     * @param readiness When the readiness state changes to refusing traffic.
     * @param connectionClose When HTTP/1.1 responses start to carry 'Connection: close'.
     */
    public record Announce(
            @Nullable Duration delay,
            @DefaultValue("0s") Duration minDelay,
            @DefaultValue("0s") Duration quietPeriod,
            @DefaultValue("immediate") ReadinessPolicy readiness,
            @DefaultValue("immediate") ConnectionClose connectionClose) {}

    /**
     * The accept queue.
     *
     * @param timeout Time for emptying the accept queues.
     * @param gate Means by which the kernel refuses new handshakes while the accept queue is emptied.
     * @param quietPeriod Time without a new connection after which a listener is closed where there is no gate.
     */
    public record AcceptQueue(
            @DefaultValue("3s") Duration timeout,
            @DefaultValue("auto") Gate gate,
            @DefaultValue("1s") Duration quietPeriod) {}

    /** Means by which the kernel refuses new handshakes. */
    public enum Gate {

        /** The best one the kernel offers. */
        AUTO,

        /** A listener bound to a device that does not exist. */
        DEVICE,

        /** A packet filter on the listener. */
        SYN_FILTER,

        /** None. */
        OFF;

        ListenerGate.Mode mode() {
            return switch (this) {
                case AUTO -> ListenerGate.Mode.AUTO;
                case DEVICE -> ListenerGate.Mode.DEVICE;
                case SYN_FILTER -> ListenerGate.Mode.SYN_FILTER;
                case OFF -> ListenerGate.Mode.OFF;
            };
        }
    }

    /**
     * Connections without a request.
     *
     * @param firstRequestGrace Time that a new connection has for sending the first byte of a request.
     * @param idleGrace Idle time after which a connection is closed.
     * @param stallTimeout Time without progress after which a handshake, a request head or the peer's response to a close
     *     is given up.
     */
    public record Connections(
            @DefaultValue("500ms") Duration firstRequestGrace,
            @DefaultValue("500ms") Duration idleGrace,
            @DefaultValue("5s") Duration stallTimeout) {}

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
    public record Linger(
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
                        PREFIX + ".linger." + ex.setting(), ex.value(), "Allowed: " + ex.expected());
            }
        }
    }

    /**
     * The preStop hook.
     *
     * @param httpGet Whether GET on the drain endpoint's path 'prestop' starts a drain, as the httpGet hook of
     *     Kubernetes needs. Unrestricted access to the endpoint is required as well.
     */
    public record PreStop(@DefaultValue("false") boolean httpGet) {}

    /**
     * What Kubernetes was told.
     *
     * @param terminationGracePeriod Pod's terminationGracePeriodSeconds. Start-up fails when the shutdown does not
     *     fit in it. If a duration suffix is not specified, seconds are used.
     */
    public record Kubernetes(
            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration terminationGracePeriod) {}

    /**
     * The report.
     *
     * @param file File to which one line about the drain is written once it is over. Empty for none.
     */
    public record Report(@Nullable String file) {}

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
    public record Streams(
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
         * What the web frameworks go by.
         *
         * @throws InvalidConfigurationPropertyValueException if a value is not allowed
         */
        StreamPolicy policy() {
            Duration time = this.retry;
            if (time != null && time.isNegative()) {
                throw new InvalidConfigurationPropertyValueException(
                        PREFIX + ".streams.retry", time, "Allowed: zero or more");
            }
            return new StreamPolicy(this.mediaTypes, time);
        }

        /** What the drain goes by. */
        DrainSettings.Streams settings(DrainEnvironment environment) {
            if (this.timeout != null) {
                return new DrainSettings.Streams(this.timeout, this.spread);
            }
            return environment.isServing()
                    ? DrainSettings.Streams.untilTheLast(this.spread)
                    : new DrainSettings.Streams(Duration.ZERO, this.spread);
        }
    }

    /**
     * WebSocket sessions.
     *
     * @param closeSpread Time over which WebSocket sessions are closed, so that their clients do not all reconnect in the
     *     same instant.
     */
    public record Websocket(@DefaultValue("0s") Duration closeSpread) {}

    /**
     * Background work.
     *
     * @param exclude Comma-separated list of names of executor beans, Quartz schedulers, bindings and pollers, identifiers of message listeners and
     *     names of listener container beans that a drain neither stops nor waits for.
     * @param stopAtAnnounce Comma-separated list of names of beans that implement 'Lifecycle' and that a drain stops when
     *     it is announced and awaits. They are started again when the drain is resumed.
     * @param scheduled Methods annotated with '@Scheduled'.
     * @param executors Task executors and schedulers.
     * @param kafka Listeners of Spring for Apache Kafka.
     * @param rabbit Listeners of Spring AMQP.
     * @param jms Listeners of Spring JMS.
     * @param quartz Quartz schedulers.
     * @param pulsar Listeners of Spring for Apache Pulsar.
     * @param stream Bindings of Spring Cloud Stream.
     * @param integration Pollers of Spring Integration.
     * @param registries Service registries.
     */
    public record Participants(
            @DefaultValue Set<String> exclude,
            @DefaultValue Set<String> stopAtAnnounce,
            @DefaultValue Participant scheduled,
            @DefaultValue Participant executors,
            @DefaultValue Participant kafka,
            @DefaultValue Participant rabbit,
            @DefaultValue Participant jms,
            @DefaultValue Participant quartz,
            @DefaultValue Participant pulsar,
            @DefaultValue Participant stream,
            @DefaultValue Participant integration,
            @DefaultValue Registries registries) {}

    /**
     * Service registries.
     *
     * @param enabled Whether a drain deregisters from the service registries of Spring Cloud when it is announced, and
     *     registers again when it is resumed.
     */
    public record Registries(@DefaultValue("true") boolean enabled) {}

    /**
     * One kind of background work.
     *
     * @param enabled Whether a drain stops and awaits this kind of background work.
     */
    public record Participant(@DefaultValue("true") boolean enabled) {}

    /**
     * The settings of the drain.
     *
     * @param environment tells the timeout and the delay where the user has set none
     * @throws InvalidConfigurationPropertyValueException if a value is not allowed
     */
    DrainSettings settings(DrainEnvironment environment) {
        Duration wholeDrain = environment.timeLimits(this.timeout).timeout();
        try {
            return new DrainSettings(
                    wholeDrain,
                    announceSettings(environment, wholeDrain),
                    new AcceptQueueLimits(this.acceptQueue.timeout, this.acceptQueue.quietPeriod),
                    new IdleLimits(
                            environment.grace("first-request-grace", this.connections.firstRequestGrace),
                            environment.grace("idle-grace", this.connections.idleGrace),
                            this.connections.stallTimeout,
                            this.websocket.closeSpread),
                    this.streams.settings(environment));
        } catch (InvalidSettingException ex) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + "." + ex.setting(), ex.value(), "Allowed: " + ex.expected());
        }
    }

    private DrainSettings.Announce announceSettings(DrainEnvironment environment, Duration wholeDrain) {
        Duration minDelay = this.announce.minDelay;
        Duration delay = this.announce.delay;
        if (delay == null) {
            delay = environment.delay(minDelay, wholeDrain);
            // Where there is nothing to wait for, such as in tests, there is nothing to shorten either.
            minDelay = delay.isZero() ? Duration.ZERO : minDelay;
        }
        return new DrainSettings.Announce(delay, minDelay, this.announce.quietPeriod, this.announce.connectionClose);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.util.Set;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Background work.
 *
 * @param exclude Comma-separated list of names of executor beans, Quartz schedulers, bindings and pollers, identifiers of
 *     message listeners and names of listener container beans that a drain neither stops nor waits for.
 * @param stopAtAnnounce Comma-separated list of names of beans that implement 'Lifecycle' and that a drain stops when
 *     it is announced and awaits. They are started again when the drain is resumed.
 * @param stopTypesAtAnnounce Comma-separated list of fully qualified names of classes and interfaces. Beans of these
 *     types that implement 'Lifecycle' are stopped, awaited and started again like those of 'stop-at-announce'.
 *     A name with 'optional:' in front may be missing on the class path.
 * @param scheduled Methods annotated with '@Scheduled'.
 * @param executors Task executors and schedulers.
 * @param kafka Listeners of Spring for Apache Kafka.
 * @param rabbit Listeners of Spring AMQP.
 * @param jms Listeners of Spring JMS.
 * @param quartz Quartz schedulers.
 * @param pulsar Listeners of Spring for Apache Pulsar.
 * @param stream Bindings of Spring Cloud Stream.
 * @param integration Pollers of Spring Integration.
 * @param grpc Servers and calls of Spring gRPC.
 * @param registries Service registries.
 */
record ParticipantsProperties(
        @DefaultValue Set<String> exclude,
        @DefaultValue Set<String> stopAtAnnounce,
        @DefaultValue Set<String> stopTypesAtAnnounce,
        @DefaultValue Participant scheduled,
        @DefaultValue Participant executors,
        @DefaultValue Participant kafka,
        @DefaultValue Participant rabbit,
        @DefaultValue Participant jms,
        @DefaultValue Participant quartz,
        @DefaultValue Participant pulsar,
        @DefaultValue Participant stream,
        @DefaultValue Participant integration,
        @DefaultValue Participant grpc,
        @DefaultValue Registries registries) {

    /**
     * Service registries.
     *
     * @param enabled Whether a drain deregisters from the service registries of Spring Cloud when it is announced, and
     *     registers again when it is resumed.
     */
    record Registries(@DefaultValue("true") boolean enabled) {}

    /**
     * One kind of background work.
     *
     * @param enabled Whether a drain stops and awaits this kind of background work.
     */
    record Participant(@DefaultValue("true") boolean enabled) {}
}

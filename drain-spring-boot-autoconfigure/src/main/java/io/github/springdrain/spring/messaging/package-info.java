/**
 * Participants for Kafka, RabbitMQ and JMS listeners.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring.messaging;

import org.jspecify.annotations.NullMarked;

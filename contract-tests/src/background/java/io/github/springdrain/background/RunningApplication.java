// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.ParticipantReport;
import io.github.springdrain.contract.RawClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A reactive application with a server on a free port, closed by a thread of its own. */
final class RunningApplication {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What Boot 3.5 would set up because the brokers are on the class path; names that Boot 4 does not know. */
    private static final String NOT_THESE = Stream.of(
                    "kafka.Kafka",
                    "amqp.Rabbit",
                    "jms.Jms",
                    "jms.JndiConnectionFactory",
                    "jms.artemis.Artemis",
                    "pulsar.Pulsar")
            .map((name) -> "org.springframework.boot.autoconfigure." + name + "AutoConfiguration")
            .reduce("spring.autoconfigure.exclude=", (all, name) -> all + name + ",");

    private final ConfigurableApplicationContext context;

    private final Thread closer;

    private RunningApplication(ConfigurableApplicationContext context) {
        this.context = context;
        this.closer = new Thread(context::close, "test-closer");
    }

    static RunningApplication start(Class<?> application, String... properties) {
        return new RunningApplication(new SpringApplicationBuilder(application)
                .web(WebApplicationType.REACTIVE)
                .properties("server.port=0", NOT_THESE)
                .properties(properties)
                .run());
    }

    <T> T bean(Class<T> type) {
        return this.context.getBean(type);
    }

    Drain drain() {
        return bean(Drain.class);
    }

    RawClient client() {
        return RawClient.plain("localhost", port());
    }

    private int port() {
        return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** Begins to close the context. */
    RunningApplication close() {
        this.closer.start();
        return this;
    }

    /** Waits until the drain lets what was accepted run to its end. */
    void awaitFinishing() {
        Drain drain = drain();
        Awaitility.await().atMost(PATIENCE).until(() -> drain.phase().compareTo(DrainPhase.FINISHING) >= 0);
    }

    /** Whether a new client is refused. */
    boolean refuses() throws IOException {
        try (Socket client = new Socket("localhost", port())) {
            return !client.isConnected();
        } catch (ConnectException ex) {
            return true;
        }
    }

    boolean isClosing() {
        return this.closer.isAlive();
    }

    /** Waits until the application is gone. */
    void awaitClosed() throws InterruptedException {
        this.closer.join(PATIENCE.toMillis());
        assertThat(this.closer.isAlive()).isFalse();
    }

    /** Whether a participant's thread, which the announcement starts, has nothing to do any more. */
    static boolean isPrepared(String participant) {
        String name = "drain-participant " + participant;
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch((thread) -> thread.getName().equals(name) && thread.getState() == Thread.State.WAITING);
    }

    static ParticipantReport participant(Drain drain, String name) {
        DrainReport report = drain.status().report();
        assertThat(report).isNotNull();
        List<ParticipantReport> found = report.participants().stream()
                .filter((participant) -> participant.name().equals(name))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}

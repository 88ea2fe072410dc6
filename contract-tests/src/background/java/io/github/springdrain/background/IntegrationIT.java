// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.contract.RawConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.Pollers;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Pollers of Spring Integration beside a server. One of them is excluded, and shows that time passes. */
@Timeout(120)
@SuppressWarnings("try") // Connections are only held.
class IntegrationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PARTICIPANT = "integration pollers";

    private static RunningApplication start(String... properties) {
        String[] all = new String[properties.length + 1];
        all[0] = "server.drain.participants.exclude=clock";
        System.arraycopy(properties, 0, all, 1, properties.length);
        RunningApplication application = RunningApplication.start(PollingApplication.class, all);
        awaitMore(application.bean(Polls.class).inbox, 1);
        return application;
    }

    private static void awaitMore(AtomicInteger polls, int more) {
        int before = polls.get();
        Awaitility.await().atMost(PATIENCE).until(() -> polls.get() >= before + more);
    }

    /** A connection whose request is held until the work is released. */
    private static RawConnection requestInService(RunningApplication application) throws IOException {
        RawConnection client = application.client().connect();
        client.request("GET", "/held");
        HeldWork work = application.bean(HeldWork.class);
        Awaitility.await().atMost(PATIENCE).until(() -> work.begun().contains("request"));
        return client;
    }

    @Test
    void pollsNoMoreFromTheAnnouncementOnUntilItIsResumed() throws Exception {
        RunningApplication application = start("server.drain.announce.delay=20s");
        Polls polls = application.bean(Polls.class);
        Drain drain = application.drain();
        drain.start(DrainTrigger.ENDPOINT);
        Awaitility.await().atMost(PATIENCE).until(() -> RunningApplication.isPrepared(PARTICIPANT));
        int before = polls.inbox.get();
        awaitMore(polls.clock, 5);
        assertThat(polls.inbox).hasValue(before);
        assertThat(drain.phase()).isEqualTo(DrainPhase.ANNOUNCED);
        drain.resume();
        awaitMore(polls.inbox, 5);
        application.close();
        drain.start(DrainTrigger.CONTEXT_CLOSE).force();
        application.awaitClosed();
    }

    @Test
    void pollsNoMoreWhileARequestIsInService() throws Exception {
        RunningApplication application = start();
        Polls polls = application.bean(Polls.class);
        HeldWork work = application.bean(HeldWork.class);
        try (RawConnection client = requestInService(application)) {
            application.close().awaitFinishing();
            int before = polls.inbox.get();
            awaitMore(polls.clock, 5);
            assertThat(polls.inbox).hasValue(before);
            work.release();
            application.awaitClosed();
        }
        assertThat(work.done()).contains("request");
    }

    /** Plain Spring Boot, whose scheduler gives up its tasks when the context closes. */
    @Test
    void pollsNoMoreWhileARequestIsInServiceWithoutTheDrain() throws Exception {
        RunningApplication application = start("server.drain.enabled=false");
        Polls polls = application.bean(Polls.class);
        HeldWork work = application.bean(HeldWork.class);
        try (RawConnection client = requestInService(application)) {
            application.close();
            Awaitility.await().atMost(PATIENCE).until(application::refuses);
            int before = polls.inbox.get();
            work.release();
            application.awaitClosed();
            assertThat(polls.inbox).hasValue(before);
        }
    }

    /** The control: the drain keeps the scheduler at work until the end, and so what it does not hold back. */
    @Test
    void pollsWhileARequestIsInServiceWhereTurnedOff() throws Exception {
        RunningApplication application = start("server.drain.participants.integration.enabled=false");
        Polls polls = application.bean(Polls.class);
        HeldWork work = application.bean(HeldWork.class);
        try (RawConnection client = requestInService(application)) {
            application.close().awaitFinishing();
            awaitMore(polls.inbox, 5);
            work.release();
            application.awaitClosed();
        }
    }

    static final class Polls {

        private final AtomicInteger inbox = new AtomicInteger();

        private final AtomicInteger clock = new AtomicInteger();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableIntegration
    @Import({HeldWork.class, Polls.class})
    static class PollingApplication {

        @Bean
        IntegrationFlow inbox(Polls polls) {
            return poller("inboxPoller", polls.inbox);
        }

        @Bean
        IntegrationFlow time(Polls polls) {
            return poller("clock", polls.clock);
        }

        private static IntegrationFlow poller(String name, AtomicInteger polls) {
            return IntegrationFlow.fromSupplier(
                            polls::incrementAndGet,
                            (endpoint) -> endpoint.id(name).poller(Pollers.fixedDelay(20)))
                    .handle((message) -> {})
                    .get();
        }

        @Bean
        RouterFunction<ServerResponse> routes(HeldWork work) {
            return route().GET(
                            "/held",
                            (request) -> Mono.fromFuture(() -> work.runLater("request"))
                                    .then(ServerResponse.ok().build()))
                    .build();
        }
    }
}

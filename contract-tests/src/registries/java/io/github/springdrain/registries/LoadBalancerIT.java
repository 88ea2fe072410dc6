// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.registries;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Moment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.context.ConfigurableApplicationContext;

/** Clients that choose by Spring Cloud LoadBalancer, while one of two instances behind Eureka is restarted. */
@Tag("long")
@Timeout(240)
class LoadBalancerIT {

    private static final String SERVICE = "shop";

    private static final int CLIENTS = 4;

    private static final Duration PACE = Duration.ofMillis(3);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

    /** Of the caches below, 300 ms and 1 s and 1 s, with as much again for a slow machine. */
    private static final String DELAY = "--server.drain.announce.delay=5s";

    private final AtomicBoolean over = new AtomicBoolean();

    private final List<ChildProcess> instances = new ArrayList<>();

    private ConfigurableApplicationContext server;

    private ConfigurableApplicationContext client;

    @BeforeEach
    void start() {
        this.server = EurekaServer.start("eureka.server.response-cache-update-interval-ms=300");
        this.client = new SpringApplicationBuilder(Client.class)
                .web(WebApplicationType.NONE)
                .properties(EurekaServer.clientProperties(this.server).toArray(String[]::new))
                .properties(
                        "server.drain.enabled=false",
                        "spring.cloud.compatibility-verifier.enabled=false",
                        "eureka.client.register-with-eureka=false",
                        "eureka.client.registry-fetch-interval-seconds=1",
                        "spring.cloud.loadbalancer.cache.ttl=1s")
                .run();
    }

    @AfterEach
    void stop() {
        this.over.set(true);
        this.instances.forEach(ChildProcess::close);
        this.client.close();
        this.server.close();
    }

    @Test
    void nothingFailsWhileAnInstanceIsRestarted() {
        Tally tally = restart(DELAY);
        assertThat(tally.failed()).isZero();
    }

    /** The control. */
    @Test
    void requestsFailWithoutTheDrain() {
        Tally tally = restart("--server.drain.enabled=false");
        assertThat(tally.failed()).isPositive();
    }

    private Tally restart(String property) {
        startInstance(property);
        ChildProcess restarted = startInstance(property);
        awaitInstances(2);
        ConcurrentClients<Tally> clients = ConcurrentClients.start("client", CLIENTS, this::ask);
        restarted.terminate();
        restarted.awaitExit(PATIENCE);
        awaitInstances(1);
        startInstance(property);
        awaitInstances(2);
        this.over.set(true);
        Tally tally = clients.results(PATIENCE).stream().reduce(new Tally(0, 0), Tally::plus);
        System.out.printf("%s: %s%n", property, tally);
        assertThat(tally.served()).isPositive();
        return tally;
    }

    private ChildProcess startInstance(String property) {
        List<String> command = new ArrayList<>(ClassPath.javaOfTests());
        command.add(RegisteredApplication.class.getName());
        EurekaServer.clientProperties(this.server).forEach((each) -> command.add("--" + each));
        command.add("--eureka.instance.instance-id=${spring.application.name}:${random.uuid}");
        command.add(property);
        ChildProcess instance = ChildProcess.start(SERVICE, command);
        this.instances.add(instance);
        return instance;
    }

    /** As the clients see it. */
    private void awaitInstances(int count) {
        DiscoveryClient discovery = this.client.getBean(DiscoveryClient.class);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> discovery.getInstances(SERVICE).size() == count);
    }

    private Tally ask() throws InterruptedException {
        LoadBalancerClient balancer = this.client.getBean(LoadBalancerClient.class);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Tally tally = new Tally(0, 0);
        while (!this.over.get()) {
            ServiceInstance instance = balancer.choose(SERVICE);
            tally = tally.plus(isServed(http, instance) ? new Tally(1, 0) : new Tally(0, 1));
            Moment.await(System.nanoTime(), PACE);
        }
        return tally;
    }

    private static boolean isServed(HttpClient http, ServiceInstance instance) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(instance.getUri() + "/"))
                    .timeout(REQUEST_LIMIT)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException ex) {
            return false;
        }
    }

    /** What came of requests. */
    private record Tally(long served, long failed) {

        Tally plus(Tally other) {
            return new Tally(this.served + other.served, this.failed + other.failed);
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Client {}
}

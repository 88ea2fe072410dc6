// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.registries;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A web application named {@code shop} that registers itself. */
final class RegisteredApplication implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;

    private final Thread closer;

    private RegisteredApplication(ConfigurableApplicationContext context) {
        this.context = context;
        this.closer = new Thread(context::close, "test-closer");
    }

    static RegisteredApplication start(String... properties) {
        return new RegisteredApplication(run(properties));
    }

    /** In a process of its own. */
    public static void main(String[] properties) {
        run(properties);
    }

    private static ConfigurableApplicationContext run(String... properties) {
        return new SpringApplicationBuilder(Shop.class)
                .properties(
                        "spring.application.name=shop",
                        "server.port=0",
                        "server.drain.announce.delay=2s",
                        // Spring Cloud knows no Boot 4.1 yet.
                        "spring.cloud.compatibility-verifier.enabled=false")
                .properties(properties)
                .run();
    }

    Drain drain() {
        return this.context.getBean(Drain.class);
    }

    void announce() {
        drain().start(DrainTrigger.ENDPOINT);
    }

    void awaitPhase(DrainPhase phase) {
        Awaitility.await().atMost(PATIENCE).until(() -> drain().phase().compareTo(phase) >= 0);
    }

    /** Sends a request whose response waits for {@link #release}, and waits until it is in service. */
    CompletableFuture<Integer> holdRequest() throws InterruptedException {
        CompletableFuture<Integer> status = this.client
                .sendAsync(request("/held"), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
        controller().entered.await();
        return status;
    }

    void release() {
        controller().released.countDown();
    }

    private Controller controller() {
        return this.context.getBean(Controller.class);
    }

    int get() throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(request("/"), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest request(String path) {
        String port = this.context.getEnvironment().getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .build();
    }

    void beginToClose() {
        this.closer.start();
    }

    void awaitClosed() throws InterruptedException {
        this.closer.join(PATIENCE.toMillis());
        assertThat(this.closer.isAlive()).isFalse();
    }

    void closeIdle() {
        this.context.close();
    }

    @Override
    public void close() {
        if (this.context.isActive()) {
            release();
        }
        this.context.close();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Controller.class)
    static class Shop {}

    /** Two resources, one of which waits. */
    @RestController
    static class Controller {

        private final CountDownLatch entered = new CountDownLatch(1);

        private final CountDownLatch released = new CountDownLatch(1);

        @GetMapping("/")
        String home() {
            return "shop";
        }

        @GetMapping("/held")
        String held() throws InterruptedException {
            this.entered.countDown();
            this.released.await();
            return "held";
        }
    }
}

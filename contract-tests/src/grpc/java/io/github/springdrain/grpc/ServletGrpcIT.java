// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** Spring gRPC on the application's servlet container. */
@Timeout(120)
class ServletGrpcIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ConfigurableApplicationContext context;

    private GrpcApplication.Greeter greeter;

    private ManagedChannel channel;

    private Thread closer;

    @AfterEach
    void end() throws InterruptedException {
        this.greeter.release();
        this.channel.shutdownNow();
        this.closer.join(PATIENCE.toMillis());
        assertThat(this.closer.isAlive()).isFalse();
    }

    @Test
    void awaitsTheCallUnderWay() throws Exception {
        start();
        Future<String> response = hello();
        this.greeter.awaitBegun();
        Drain drain = this.context.getBean(Drain.class);
        this.closer.start();
        Awaitility.await().atMost(PATIENCE).until(() -> drain.phase().compareTo(DrainPhase.FINISHING) >= 0);
        this.greeter.release();
        assertThat(response.get()).isEqualTo("Hello world");
    }

    /** A stream that the container resets is told apart by its description. */
    @Test
    void endsWhatIsLeftAtTheDeadlineWithAStatus() throws Exception {
        start("server.drain.timeout=4s");
        Iterator<String> messages = ClientCalls.blockingServerStreamingCall(
                this.channel, GrpcApplication.WATCH, CallOptions.DEFAULT, "first");
        assertThat(messages.next()).isEqualTo("first");
        Future<String> response = hello();
        this.greeter.awaitBegun();
        this.closer.start();
        assertThatThrownBy(messages::next).satisfies(ServletGrpcIT::assertGoingAway);
        assertThatThrownBy(response::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .satisfies(ServletGrpcIT::assertGoingAway);
    }

    private static void assertGoingAway(Throwable thrown) {
        assertThat(thrown).isInstanceOf(StatusRuntimeException.class);
        Status status = Status.fromThrowable(thrown);
        assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).isEqualTo("The server is going away");
    }

    private Future<String> hello() {
        return ClientCalls.futureUnaryCall(this.channel.newCall(GrpcApplication.HELLO, CallOptions.DEFAULT), "world");
    }

    private void start(String... properties) {
        this.context = new SpringApplicationBuilder(ServletApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("server.port=0", "server.http2.enabled=true")
                .properties(properties)
                .run();
        this.greeter = this.context.getBean(GrpcApplication.Greeter.class);
        this.closer = new Thread(this.context::close, "test-closer");
        String port = this.context.getEnvironment().getRequiredProperty("local.server.port");
        this.channel = Grpc.newChannelBuilder("localhost:" + port, InsecureChannelCredentials.create())
                .build();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(GrpcApplication.Greeter.class)
    static class ServletApplication {}
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.ParticipantReport;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** Spring gRPC on its own Netty server. */
@Timeout(120)
@SuppressWarnings("deprecation") // Of the later of the two lines of gRPC; the earlier has nothing else.
class GrpcIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int CLIENTS = 10;

    /** The connection preface of HTTP/2 and empty SETTINGS. */
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private ConfigurableApplicationContext context;

    private ManagedChannel channel;

    private int port;

    private Thread closer;

    @AfterEach
    void end() throws InterruptedException {
        this.channel.shutdownNow();
        close();
        awaitClosed();
    }

    @Test
    void awaitsTheCallUnderWayAndRefusesNewClients() throws Exception {
        start();
        GrpcApplication.Greeter greeter = this.context.getBean(GrpcApplication.Greeter.class);
        Drain drain = this.context.getBean(Drain.class);
        Future<String> response =
                ClientCalls.futureUnaryCall(this.channel.newCall(GrpcApplication.HELLO, CallOptions.DEFAULT), "world");
        greeter.awaitBegun();
        close();
        await(drain, DrainPhase.FINISHING);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), this.port).close())
                .isInstanceOf(ConnectException.class);
        assertThat(this.closer.isAlive()).isTrue();
        greeter.release();
        assertThat(response.get()).isEqualTo("Hello world");
        awaitClosed();
        assertThat(participant(drain)).isEqualTo(new ParticipantReport("gRPC calls", 1, 0));
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void isNotServingFromTheAnnouncementUntilItIsResumed() throws Exception {
        start("server.drain.announce.delay=20s");
        assertThat(health()).isEqualTo(ServingStatus.SERVING);
        Drain drain = this.context.getBean(Drain.class);
        drain.start(DrainTrigger.ENDPOINT);
        Awaitility.await().atMost(PATIENCE).until(() -> health() == ServingStatus.NOT_SERVING);
        this.context.getBean(GrpcApplication.Greeter.class).release();
        assertThat(hello()).isEqualTo("Hello world");
        drain.resume();
        assertThat(health()).isEqualTo(ServingStatus.SERVING);
    }

    /** Such as Spring Boot's own health, which sets the status from time to time. */
    @Test
    void isNotServingWhateverTheApplicationSetsUntilItIsResumed() throws Exception {
        start("server.drain.announce.delay=20s");
        HealthStatusManager manager = this.context.getBean(HealthStatusManager.class);
        var statuses = HealthGrpc.newBlockingStub(this.channel).watch(HealthCheckRequest.getDefaultInstance());
        assertThat(statuses.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        Drain drain = this.context.getBean(Drain.class);
        drain.start(DrainTrigger.ENDPOINT);
        assertThat(statuses.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
        assertThat(statuses.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(health()).isEqualTo(ServingStatus.NOT_SERVING);
        drain.resume();
        Awaitility.await().atMost(PATIENCE).until(() -> statuses.next().getStatus() == ServingStatus.SERVING);
        assertThat(health()).isEqualTo(ServingStatus.SERVING);
    }

    /** A second wait, by Spring gRPC's own limit of 30 s, would be longer than the test takes. */
    @Test
    void endsWhatIsLeftAtTheDeadlineWithAStatus() throws Exception {
        start("server.drain.timeout=2s");
        Iterator<String> messages = ClientCalls.blockingServerStreamingCall(
                this.channel, GrpcApplication.WATCH, CallOptions.DEFAULT, "first");
        assertThat(messages.next()).isEqualTo("first");
        Drain drain = this.context.getBean(Drain.class);
        long start = System.nanoTime();
        close();
        assertThatThrownBy(messages::next).isInstanceOfSatisfying(StatusRuntimeException.class, (thrown) -> {
            assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(thrown.getStatus().getDescription()).isEqualTo("The server is going away");
        });
        awaitClosed();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(participant(drain)).isEqualTo(new ParticipantReport("gRPC calls", 1, 1));
    }

    /** A client that watches the health is told, and holds nothing up. */
    @Test
    void doesNotWaitForThoseWhoWatchTheHealth() throws Exception {
        start();
        var statuses = HealthGrpc.newBlockingStub(this.channel).watch(HealthCheckRequest.getDefaultInstance());
        assertThat(statuses.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        Drain drain = this.context.getBean(Drain.class);
        close();
        assertThat(statuses.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        awaitClosed();
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report(drain).duration()).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void servesWhatTheAcceptQueueHolds() throws Exception {
        start();
        assertThat(servedOfAcceptQueue()).isEqualTo(CLIENTS);
    }

    /** The control. */
    @Test
    void resetsWhatTheAcceptQueueHoldsWithoutTheDrain() throws Exception {
        start("server.drain.enabled=false");
        assertThat(servedOfAcceptQueue()).isZero();
    }

    @Test
    void startsAgainAfterADrain() throws Exception {
        start();
        Drain drain = this.context.getBean(Drain.class);
        drain.start(DrainTrigger.ENDPOINT).awaitReport();
        this.context.stop();
        this.context.start();
        this.channel.shutdownNow();
        connect();
        assertThat(health()).isEqualTo(ServingStatus.SERVING);
        this.context.getBean(GrpcApplication.Greeter.class).release();
        assertThat(hello()).isEqualTo("Hello world");
    }

    /** Connections that the kernel has completed while the acceptor is busy; how many of them get a response. */
    private int servedOfAcceptQueue() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        this.context.getBean("acceptors", NioEventLoopGroup.class).execute(() -> {
            blocked.countDown();
            awaitUninterrupted(release);
        });
        blocked.await();
        List<Socket> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(PREFACE);
            clients.add(socket);
        }
        GrpcServerLifecycle lifecycle = this.context.getBean(GrpcServerLifecycle.class);
        Drain drain = this.context.getBeanProvider(Drain.class).getIfAvailable();
        close();
        if (drain != null) {
            await(drain, DrainPhase.EMPTYING_ACCEPT_QUEUE);
        } else {
            Awaitility.await().atMost(PATIENCE).until(() -> !lifecycle.isRunning());
        }
        release.countDown();
        int served = 0;
        for (Socket socket : clients) {
            served += isServed(socket) ? 1 : 0;
            socket.close();
        }
        awaitClosed();
        return served;
    }

    private static boolean isServed(Socket client) {
        try {
            return client.getInputStream().read() >= 0;
        } catch (IOException ex) {
            return false;
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(String... properties) {
        this.context = new SpringApplicationBuilder(GrpcApplication.class)
                .web(WebApplicationType.NONE)
                .properties("spring.grpc.server.port=0", "spring.grpc.server.servlet.enabled=false")
                .properties(properties)
                .run();
        this.closer = new Thread(this.context::close, "test-closer");
        connect();
    }

    private void connect() {
        this.port = this.context.getBean(GrpcServerLifecycle.class).getPort();
        this.channel = Grpc.newChannelBuilder("localhost:" + this.port, InsecureChannelCredentials.create())
                .build();
    }

    private ServingStatus health() {
        return HealthGrpc.newBlockingStub(this.channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private String hello() {
        return ClientCalls.blockingUnaryCall(this.channel, GrpcApplication.HELLO, CallOptions.DEFAULT, "world");
    }

    private void close() {
        if (this.closer.getState() == Thread.State.NEW) {
            this.closer.start();
        }
    }

    private void awaitClosed() throws InterruptedException {
        this.closer.join(PATIENCE.toMillis());
        assertThat(this.closer.isAlive()).isFalse();
    }

    private static void await(Drain drain, DrainPhase phase) {
        Awaitility.await().atMost(PATIENCE).until(() -> drain.phase().compareTo(phase) >= 0);
    }

    private static DrainReport report(Drain drain) {
        DrainReport report = drain.status().report();
        assertThat(report).isNotNull();
        return report;
    }

    private static ParticipantReport participant(Drain drain) {
        return report(drain).participants().stream()
                .filter((each) -> each.name().equals("gRPC calls"))
                .findFirst()
                .orElseThrow();
    }
}

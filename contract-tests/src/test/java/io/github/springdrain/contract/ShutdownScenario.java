// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Clients of every kind that are at it when their server gets SIGTERM. Used once, by one thread: begun, then sent the
 * signal, then asked what each of them saw.
 */
final class ShutdownScenario {

    static final int STREAM_CHUNKS = 20;

    static final int UPLOAD_PIECES = 20;

    private static final String STREAM = "/stream?ms=120&chunks=" + STREAM_CHUNKS;

    /** Long enough to be under way when the signal comes, on a loaded machine too. */
    private static final String LONG_STREAM = "/stream?ms=120&chunks=60";

    /** The same for requests in service. */
    private static final int HELD_MILLIS = 5500;

    static final int UPLOAD_PIECE_BYTES = 1000;

    private static final int SLOW = 20;

    private static final int FEW = 5;

    private static final int IDLE = 10;

    private static final int KEEP_ALIVE = 8;

    /** Beyond the second that Jetty's own shutdown leaves to every connection, and before the slow requests end. */
    private static final Duration LATE = Duration.ofSeconds(2);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final SampleProcess server;

    private final RawClient client;

    private final CountDownLatch underWay = new CountDownLatch(SLOW + FEW + 3);

    private final List<RawConnection> idle;

    private final List<RawConnection> silent;

    private final List<RawConnection> silentForLong;

    private final List<RawConnection> handshaking;

    private final List<RawConnection> handshakingForLong;

    private final RawConnection streaming;

    private final List<KeepAliveClient> keepAliveClients;

    private final ConcurrentClients<List<KeepAliveClient.Exchange>> keepAlive;

    private final ConcurrentClients<TimedResponse> slow;

    private final ConcurrentClients<TimedResponse> async;

    private final ConcurrentClients<TimedResponse> stream;

    private final ConcurrentClients<TimedResponse> upload;

    private final CountDownLatch signalled = new CountDownLatch(1);

    private final ConcurrentClients<TimedResponse> pausingUpload;

    /** Lets the clients begin; returns when all of them are at it. */
    ShutdownScenario(SampleProcess server) throws IOException {
        this.server = server;
        this.client = server.client().withPatience(LIMIT);
        this.idle = connect(IDLE);
        this.idle.forEach((connection) -> connection.request("GET", "/hello").readResponse());
        // Before the first of them sends: on a loaded machine handshakes take longer than the requests that are held.
        List<RawConnection> secured = connect(SLOW + FEW + 1);
        secured.forEach(RawConnection::handshake);
        this.keepAliveClients = Stream.generate(() -> new KeepAliveClient(this.client))
                .limit(KEEP_ALIVE)
                .toList();
        this.keepAlive = ConcurrentClients.start("keep-alive", this.keepAliveClients);
        this.streaming = this.client.connect().request("GET", LONG_STREAM);
        // Its response has to be under way before others take the server's threads: then it cannot be notified any
        // longer.
        this.streaming.input().giveUpAfter(LIMIT);
        this.streaming.input().awaitByte();
        // As late as can be: Reactor Netty ends a connection whose handshake is not over within ten seconds.
        this.silent = connect(FEW);
        this.silentForLong = connect(FEW);
        this.handshaking = connect(this.client.isTls() ? FEW : 0);
        this.handshaking.forEach(RawConnection::beginHandshake);
        this.handshakingForLong = connect(this.handshaking.size());
        this.handshakingForLong.forEach(RawConnection::beginHandshake);
        this.slow = ask("slow", secured.subList(0, SLOW), "/slow?ms=" + HELD_MILLIS);
        this.async = ask("async", secured.subList(SLOW, SLOW + FEW), "/async?ms=" + HELD_MILLIS);
        this.stream = ask("stream", secured.subList(SLOW + FEW, SLOW + FEW + 1), STREAM);
        this.upload = ConcurrentClients.start("upload", 1, this::trickle);
        this.pausingUpload = ConcurrentClients.start("pausing", 1, this::pause);
        awaitAllUnderWay();
    }

    /** Sends the signal, lets those act that act after it, and waits until the server and its clients are done. */
    ShutdownObservations signal() {
        long signal = this.server.terminate();
        awaitShutdown();
        long shutdown = System.nanoTime();
        this.signalled.countDown();
        ConcurrentClients<TimedResponse> pipelined = ConcurrentClients.forEach(
                "pipelined", List.of(this.streaming.request("GET", "/hello")), ShutdownScenario::second);
        ConcurrentClients<TimedResponse> firstRequests = firstRequests(this.silent, signal, Duration.ofMillis(200));
        ConcurrentClients<TimedResponse> lateFirstRequests = firstRequests(this.silentForLong, shutdown, LATE);
        ConcurrentClients<TimedResponse> handshakes = handshakes(this.handshaking, signal, Duration.ofMillis(100));
        ConcurrentClients<TimedResponse> lateHandshakes = handshakes(this.handshakingForLong, shutdown, LATE);
        ConcurrentClients<ConnectionEnd> ends =
                ConcurrentClients.forEach("idle", this.idle, (connection) -> connection.awaitEnd(LIMIT));
        ChildProcess.Exit exit = this.server.awaitExit(LIMIT);
        this.keepAliveClients.forEach(KeepAliveClient::end);
        return new ShutdownObservations(
                this.server.output(),
                signal,
                exit,
                this.slow.results(LIMIT),
                this.async.results(LIMIT),
                this.stream.results(LIMIT).get(0),
                this.upload.results(LIMIT).get(0),
                this.pausingUpload.results(LIMIT).get(0),
                pipelined.results(LIMIT).get(0),
                firstRequests.results(LIMIT),
                lateFirstRequests.results(LIMIT),
                handshakes.results(LIMIT),
                lateHandshakes.results(LIMIT),
                ends.results(LIMIT),
                new KeepAliveLog(this.keepAlive.results(LIMIT).stream()
                        .flatMap(List::stream)
                        .toList()));
    }

    /**
     * On a loaded machine the signal takes its time to reach the application; with the drain, all is announced then.
     */
    private void awaitShutdown() {
        this.server
                .output()
                .await(
                        (line) -> line.contains("Drain EMPTYING_ACCEPT_QUEUE")
                                || line.contains("Commencing graceful shutdown"),
                        LIMIT);
    }

    private static ConcurrentClients<TimedResponse> firstRequests(
            List<RawConnection> connections, long from, Duration delay) {
        return ConcurrentClients.forEach("silent", connections, (connection) -> {
            Moment.await(from, delay);
            return TimedResponse.on(connection.request("GET", "/hello"));
        });
    }

    private static ConcurrentClients<TimedResponse> handshakes(
            List<RawConnection> connections, long from, Duration delay) {
        return ConcurrentClients.forEach("handshake", connections, (connection) -> {
            Moment.await(from, delay);
            return TimedResponse.on(connection.finishHandshake().request("GET", "/hello"));
        });
    }

    /** The response behind the first one; that one itself where it was not whole. */
    private static TimedResponse second(RawConnection connection) {
        RawResponse first = connection.readResponse();
        return (first.outcome() == Outcome.COMPLETE)
                ? TimedResponse.on(connection)
                : new TimedResponse(first, System.nanoTime());
    }

    private ConcurrentClients<TimedResponse> ask(String name, List<RawConnection> connections, String path) {
        return ConcurrentClients.forEach(name, connections, (opened) -> {
            try (RawConnection connection = opened.request("GET", path)) {
                this.underWay.countDown();
                return TimedResponse.on(connection);
            }
        });
    }

    private TimedResponse trickle() throws IOException {
        try (RawConnection connection = this.client.connect()) {
            connection.head("POST", "/upload", (long) UPLOAD_PIECES * UPLOAD_PIECE_BYTES);
            for (int piece = 0; piece < UPLOAD_PIECES; piece++) {
                long start = System.nanoTime();
                connection.body(UPLOAD_PIECE_BYTES);
                this.underWay.countDown();
                Moment.await(start, Duration.ofMillis(120));
            }
            return TimedResponse.on(connection);
        }
    }

    private TimedResponse pause() throws Exception {
        try (RawConnection connection = this.client.connect()) {
            connection.head("POST", "/upload", 2L * UPLOAD_PIECE_BYTES).body(UPLOAD_PIECE_BYTES);
            this.underWay.countDown();
            this.signalled.await();
            Moment.await(System.nanoTime(), LATE);
            return TimedResponse.on(connection.body(UPLOAD_PIECE_BYTES));
        }
    }

    /** All have sent, nothing is left in the accept queue, and the server has had time to begin with each. */
    private void awaitAllUnderWay() {
        try {
            if (!this.underWay.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(this.underWay.getCount() + " clients have not begun after " + LIMIT);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
        Backlog.awaitEmpty(this.server.port(), LIMIT);
        Moment.await(System.nanoTime(), Duration.ofMillis(300));
    }

    private List<RawConnection> connect(int count) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(this.client.connect());
        }
        return connections;
    }
}

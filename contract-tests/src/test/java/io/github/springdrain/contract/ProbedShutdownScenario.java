// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that gets SIGTERM while it is probed in every way, with work that takes a few seconds and calls of the
 * actuator that would take a minute. Used once, by one thread: begun, then sent the signal, then asked what was seen.
 */
final class ProbedShutdownScenario {

    /** Both are in the paths, as an application may have it. */
    static final String CONTEXT_PATH = "/shop";

    private static final String ACTUATOR = CONTEXT_PATH + "/manage";

    private static final Duration PERIOD = Duration.ofMillis(50);

    /** How long ordinary requests go on to come in after the announcement. */
    private static final Duration TRAFFIC = Duration.ofSeconds(1);

    private static final String WORK = CONTEXT_PATH + "/slow?ms=5000";

    private static final String CALL = ACTUATOR + "/slow?ms=60000";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final SampleProcess server;

    private final RawClient client;

    private final AtomicInteger freshProbes = new AtomicInteger();

    private final KeepAliveClient keptProbe;

    private final ConcurrentClients<List<KeepAliveClient.Exchange>> kept;

    private final ConcurrentClients<Outcome> fresh;

    private final Http2Connection multiplexed;

    private final ConcurrentClients<Boolean> streams;

    private final KeepAliveClient traffic;

    private final ConcurrentClients<List<KeepAliveClient.Exchange>> trafficking;

    private final List<RawConnection> calls;

    private final RawConnection half;

    private final ConcurrentClients<TimedResponse> work;

    private final Http2Stream workStream;

    /** Lets everybody begin; returns when all of them are at it. */
    ProbedShutdownScenario(SampleProcess server) throws IOException {
        this.server = server;
        this.client = server.client().withPatience(LIMIT);
        this.keptProbe = new KeepAliveClient(this.client, ACTUATOR + "/health", PERIOD);
        this.kept = ConcurrentClients.start("kept-probe", List.of(this.keptProbe));
        this.fresh = ConcurrentClients.start("fresh-probe", 1, this::probeAnew);
        this.multiplexed = server.http2().connect();
        this.streams = ConcurrentClients.start("stream-probe", 1, () -> probe(this.multiplexed));
        this.traffic = new KeepAliveClient(this.client, CONTEXT_PATH + "/hello", PERIOD);
        this.trafficking = ConcurrentClients.start("traffic", List.of(this.traffic));
        this.calls = List.of(
                this.client.connect().request("GET", CALL),
                // Larger than what both kernels hold, and not read.
                this.client.connect().request("GET", ACTUATOR + "/logfile"));
        server.http2().connect().get(CALL);
        this.workStream = server.http2().connect().get(WORK);
        this.half = this.client.connect().write("GET " + ACTUATOR + "/health HTTP/1.1\r\nHost: loc");
        RawConnection working = this.client.connect().request("GET", WORK);
        this.work = ConcurrentClients.start("work", 1, () -> TimedResponse.on(working));
        Backlog.awaitEmpty(server.port(), LIMIT);
        Moment.await(System.nanoTime(), Duration.ofMillis(300));
    }

    /** Sends the signal, and waits until the server and its clients are done. */
    ProbeObservations signal() {
        this.server.terminate();
        long announced = logged("ANNOUNCED");
        Moment.await(announced, TRAFFIC);
        this.traffic.end();
        // As the client has it: whoever looks from outside may look late.
        List<KeepAliveClient.Exchange> exchanges =
                this.trafficking.results(LIMIT).get(0);
        long trafficEnd = exchanges.get(exchanges.size() - 1).sentAtNanos();
        int before = this.freshProbes.get();
        long closing = logged("EMPTYING_ACCEPT_QUEUE");
        int probes = this.freshProbes.get() - before;
        long finishing = logged("FINISHING");
        this.half.awaitEnd(LIMIT);
        long halfEnd = System.nanoTime();
        TimedResponse response = this.work.results(LIMIT).get(0);
        this.workStream.await(LIMIT);
        long drained = logged("DRAINED");
        ChildProcess.Exit exit = this.server.awaitExit(LIMIT);
        this.keptProbe.end();
        this.kept.results(LIMIT);
        this.fresh.results(LIMIT);
        this.streams.results(LIMIT);
        this.calls.forEach(RawConnection::close);
        return new ProbeObservations(
                this.server.output(),
                trafficEnd,
                closing,
                probes,
                Duration.ofNanos(halfEnd - finishing),
                response,
                this.workStream,
                drained,
                exit);
    }

    private long logged(String phase) {
        return this.server
                .output()
                .await((line) -> line.contains("Drain " + phase), LIMIT)
                .atNanos();
    }

    /**
     * As a kubelet does: a connection for each probe, on one of the paths that health groups have outside the actuator.
     */
    private Outcome probeAnew() {
        Outcome outcome;
        do {
            Moment.await(System.nanoTime(), PERIOD);
            outcome = this.client.get(CONTEXT_PATH + "/livez").outcome();
            this.freshProbes.incrementAndGet();
        } while (outcome == Outcome.COMPLETE);
        return outcome;
    }

    /** Goes on after every GOAWAY, until the connection has ended. */
    private static boolean probe(Http2Connection connection) {
        while (connection.ending() == ConnectionEnd.OPEN) {
            connection.get(ACTUATOR + "/health").await(LIMIT);
            Moment.await(System.nanoTime(), PERIOD);
        }
        return true;
    }
}

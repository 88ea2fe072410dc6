// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What HTTP/2 clients of every kind see when their server gets SIGTERM: RFC 9113 section 6.8, frame by frame. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class Http2Contract {

    /** From the announcement to the close of the listeners. */
    static final Duration ANNOUNCEMENT = Duration.ofMillis(1500);

    /** Far from the deadline of 25 s, and what a busy machine may take. */
    private static final Duration SOON = DrainVerdict.SLACK;

    /** Of which a client takes two at most that acknowledges no PING. */
    private static final Duration GRACE = Duration.ofMillis(1500);

    private final Target target;

    private Http2Observations drained;

    private LateHttp2Clients.ShutdownObservations late;

    private Optional<Http2Client.Late> handshake = Optional.empty();

    private @Nullable Http2Observations control;

    Http2Contract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void depart() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with(
                        "--server.http2.enabled=true",
                        "--server.drain.announce.delay=" + ANNOUNCEMENT.toMillis() + "ms",
                        "--server.drain.connections.idle-grace=" + GRACE.toMillis() + "ms")
                .start()) {
            LateHttp2Clients lateClients = new LateHttp2Clients(server, this.target.tls());
            this.drained = new Http2ShutdownScenario(server, !this.target.tls()).signal();
            this.late = lateClients.observations();
            this.handshake = lateClients.handshake();
        }
        print("", this.drained);
        if (this.target.hasCommonControls()) {
            this.control = control();
            print(" without the drain", this.control);
        }
    }

    private Http2Observations control() throws IOException {
        try (SampleProcess server =
                this.target.control().with("--server.http2.enabled=true").start()) {
            return new Http2ShutdownScenario(server, !this.target.tls()).signal();
        }
    }

    private void print(String how, Http2Observations observations) {
        this.target.print(
                "HTTP/2%s: %d streams on %d connections, %d covered and lost, %d to be sent again, busy one saw %s"
                        .formatted(
                                how,
                                observations.all().stream()
                                        .mapToInt((connection) ->
                                                connection.streams().size())
                                        .sum(),
                                observations.all().size(),
                                observations.coveredLosses().size(),
                                observations.uncovered(),
                                observations.busy().goAways()));
    }

    @Test
    void busyAndIdleConnectionsAreNotifiedAtOnceThatALastStreamWillFollow() {
        assertThat(this.drained.all()).hasSizeGreaterThan(6).allSatisfy((connection) -> {
            GoAway first = connection.goAways().get(0);
            assertThat(first.isFirst()).isTrue();
            assertThat(first.errorCode()).isZero();
        });
        assertThat(this.drained.early()).allSatisfy((connection) -> {
            List<GoAway> goAways = connection.goAways();
            Duration between =
                    Duration.ofNanos(goAways.get(1).atNanos() - goAways.get(0).atNanos());
            assertThat(between).isGreaterThan(Duration.ofMillis(500));
        });
    }

    @Test
    void streamsOpenedAfterThatAreServed() {
        assertThat(this.drained.late().summary()).isEqualTo("COMPLETE 200, 5 bytes");
        assertThat(Objects.requireNonNull(this.drained.fresh()).stream(1).summary())
                .isEqualTo("COMPLETE 200, 5 bytes");
        assertThat(this.drained.looping()).allSatisfy((connection) -> {
            long firstAt = connection.goAways().get(0).atNanos();
            assertThat(connection.streams())
                    .filteredOn((stream) -> stream.state() == Http2Stream.State.COMPLETE)
                    .filteredOn((stream) -> stream.endedAtNanos() - firstAt > 0)
                    .hasSizeGreaterThan(20);
        });
    }

    @Test
    void theLastGoAwayNamesTheLastStreamThatWasServed() {
        assertThat(this.drained.all()).allSatisfy((connection) -> {
            GoAway last = last(connection);
            assertThat(last.errorCode()).isZero();
            assertThat(connection.streams())
                    .filteredOn((stream) -> stream.state() == Http2Stream.State.COMPLETE)
                    .last()
                    .extracting(Http2Stream::id)
                    .isEqualTo(last.lastStreamId());
        });
        assertThat(last(this.drained.idle()).lastStreamId())
                .isEqualTo(this.drained.late().id());
        assertThat(last(this.drained.busy()).lastStreamId()).isEqualTo(1);
    }

    @Test
    void noStreamThatTheLastGoAwayCoversIsLost() {
        assertThat(this.drained.coveredLosses()).isEmpty();
    }

    @Test
    void requestsAndUploadsUnderWayReachTheirEnd() {
        assertThat(this.drained.busy().stream(1).summary()).isEqualTo("COMPLETE 200, 9 bytes");
        assertThat(this.drained.upload().summary())
                .isEqualTo("COMPLETE 200, %d bytes"
                        .formatted(Integer.toString(
                                        Http2ShutdownScenario.UPLOAD_PIECES * Http2ShutdownScenario.UPLOAD_PIECE_BYTES)
                                .length()));
        Http2Connection upgraded = this.drained.upgraded();
        if (upgraded != null) {
            assertThat(upgraded.stream(1).summary()).isEqualTo("COMPLETE 200, 9 bytes");
        }
    }

    @Test
    void everyConnectionEndsInGoodOrder() {
        assertThat(this.drained.all())
                .allSatisfy((connection) ->
                        assertThat(connection.ending()).as("%s", connection).isEqualTo(ConnectionEnd.EOF));
    }

    @Test
    void neitherIdleConnectionsNorClientsThatGoOnHoldTheEnd() {
        Duration connections = this.drained.lastEndAfterLastResponse();
        Duration process = this.drained.afterLastResponse();
        this.target.print("HTTP/2: connections gone %d ms after the last response, process %d ms"
                .formatted(connections.toMillis(), process.toMillis()));
        assertThat(connections).isLessThan(GRACE);
        assertThat(process).isLessThan(GRACE.multipliedBy(2).plus(SOON));
        assertThat(this.drained.output().lines((line) -> line.contains("Drain report:")))
                .singleElement()
                .asString()
                .contains("graceful", "0 aborted");
    }

    @Test
    void theLastStreamIsNamedWhenThePeerHasAcknowledgedAndAfterTheGraceOtherwise() {
        long prompt = last(this.late.prompt()).atNanos();
        long slow = last(this.late.slow()).atNanos();
        long mute = last(this.late.mute()).atNanos();
        this.target.print(
                "HTTP/2: last stream named %d ms after the prompt peer's to a peer that took %d ms, %d to a mute one"
                        .formatted(
                                TimeUnit.NANOSECONDS.toMillis(slow - prompt),
                                TimeUnit.NANOSECONDS.toMillis(this.late.respondedAtNanos() - prompt),
                                TimeUnit.NANOSECONDS.toMillis(mute - prompt)));
        assertThat(this.late.respondedAtNanos() - prompt).isPositive();
        assertThat(slow - this.late.respondedAtNanos()).isPositive();
        assertThat(mute - slow).isPositive();
        assertThat(Duration.ofNanos(mute - prompt)).isGreaterThan(GRACE.dividedBy(2));
        assertThat(this.late.mute().ending()).isEqualTo(ConnectionEnd.EOF);
    }

    @Test
    void aStreamThatCrossesTheFirstGoAwaySlowlyIsServed() {
        assertThat(this.late.crossing().summary()).isEqualTo("COMPLETE 200, 5 bytes");
        assertThat(last(this.late.slow()).lastStreamId())
                .isEqualTo(this.late.crossing().id());
        assertThat(this.late.slow().ending()).isEqualTo(ConnectionEnd.EOF);
    }

    @Test
    void aConnectionWithoutARequestIsToldAndMaySendItsFirstOne() {
        List<GoAway> goAways = this.late.silent().goAways();
        assertThat(goAways).hasSize(2);
        assertThat(goAways.get(0).isFirst()).isTrue();
        assertThat(goAways.get(0).atNanos() - last(this.drained.idle()).atNanos())
                .isNegative();
        assertThat(goAways.get(1).lastStreamId()).isZero();
        assertThat(this.late.silent().ending()).isEqualTo(ConnectionEnd.EOF);
        assertThat(this.late.first().summary()).isEqualTo("COMPLETE 200, 5 bytes");
    }

    /** Its client has a request at hand, which it would keep back on a GOAWAY. */
    @Test
    void aConnectionIsNewFromTheEndOfItsHandshakeOn() {
        assumeTrue(this.handshake.isPresent(), "There is no handshake without TLS");
        Http2Client.Late connection = this.handshake.get();
        List<GoAway> goAways = connection.connection().goAways();
        assertThat(goAways).isNotEmpty();
        Duration first = Duration.ofNanos(goAways.get(0).atNanos() - connection.releasedAtNanos());
        this.target.print("HTTP/2: first GOAWAY %d ms after the end of a late handshake".formatted(first.toMillis()));
        assertThat(first).isGreaterThanOrEqualTo(Duration.ofMillis(490));
    }

    @Test
    void plainSpringBootServesNoClientThatConnectsAfterTheSignal() {
        this.target.assumeCommonControl();
        Http2Observations plain = Objects.requireNonNull(this.control);
        Http2Connection fresh = plain.fresh();
        if (fresh != null) {
            assertThat(fresh.stream(1).summary()).doesNotStartWith("COMPLETE 200");
        }
        if (this.target.loses(Loss.HTTP2_STREAMS)) {
            assertThat(plain.coveredLosses()).isNotEmpty();
        }
    }

    private static GoAway last(Http2Connection connection) {
        List<GoAway> goAways = connection.goAways();
        return goAways.get(goAways.size() - 1);
    }
}

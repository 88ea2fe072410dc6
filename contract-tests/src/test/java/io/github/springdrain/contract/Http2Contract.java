package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What HTTP/2 clients of every kind see when their server gets SIGTERM: RFC 9113 section 6.8, frame by frame. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class Http2Contract {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final Target target;

    private Http2Sights drained;

    /** Without TLS, which would change nothing in it. */
    private @Nullable Http2Sights control;

    Http2Contract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void depart() throws IOException {
        this.drained = depart(this.target.sample().with("--server.drain.announce.delay=1500ms"));
        print("", this.drained);
        if (!this.target.tls()) {
            this.control = depart(this.target.control());
            print(" without the drain", this.control);
        }
    }

    private Http2Sights depart(SampleProcess.Builder sample) throws IOException {
        try (SampleProcess server = sample.with("--server.http2.enabled=true").start()) {
            return new Http2Departure(server, !this.target.tls()).signal();
        }
    }

    private void print(String how, Http2Sights sights) {
        this.target.print(
                "HTTP/2%s: %d streams on %d connections, %d covered and lost, %d to be sent again, busy one saw %s"
                        .formatted(
                                how,
                                sights.all().stream()
                                        .mapToInt((connection) ->
                                                connection.streams().size())
                                        .sum(),
                                sights.all().size(),
                                sights.coveredLosses().size(),
                                sights.uncovered(),
                                sights.busy().goAways()));
    }

    @Test
    void busyAndIdleConnectionsAreToldAtOnceThatALastStreamWillFollow() {
        assertThat(this.drained.all()).hasSizeGreaterThan(6).allSatisfy((connection) -> {
            GoAway first = connection.goAways().get(0);
            assertThat(first.isFirst()).isTrue();
            assertThat(first.errorCode()).isZero();
        });
        assertThat(this.drained.early()).allSatisfy((connection) -> {
            List<GoAway> told = connection.goAways();
            Duration between =
                    Duration.ofNanos(told.get(1).atNanos() - told.get(0).atNanos());
            assertThat(between).isGreaterThan(Duration.ofMillis(500));
        });
    }

    @Test
    void streamsOpenedAfterThatAreServed() {
        assertThat(this.drained.late().summary()).isEqualTo("COMPLETE 200, 5 bytes");
        assertThat(Objects.requireNonNull(this.drained.fresh()).stream(1).summary())
                .isEqualTo("COMPLETE 200, 5 bytes");
        assertThat(this.drained.looping()).allSatisfy((connection) -> {
            long told = connection.goAways().get(0).atNanos();
            assertThat(connection.streams())
                    .filteredOn((stream) -> stream.state() == Http2Stream.State.COMPLETE)
                    .filteredOn((stream) -> stream.endedAtNanos() - told > 0)
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
                        .formatted(Integer.toString(Http2Departure.UPLOAD_PIECES * Http2Departure.UPLOAD_PIECE_BYTES)
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
                        assertThat(connection.ending()).as("%s", connection).isEqualTo(Ending.EOF));
    }

    @Test
    void neitherIdleConnectionsNorClientsThatGoOnHoldTheEnd() {
        Duration after = this.drained.afterLastAnswer();
        this.target.print("HTTP/2: process gone %d ms after the last answer".formatted(after.toMillis()));
        assertThat(after).isLessThan(SOON);
        assertThat(this.drained.output().lines((line) -> line.contains("Drain report:")))
                .singleElement()
                .asString()
                .contains("graceful", "0 cut");
    }

    @Test
    void plainSpringBootLosesStreamsThatItHasAccepted() {
        this.target.assumeLoses(Loss.HTTP2_STREAMS);
        assertThat(control().coveredLosses()).isNotEmpty();
    }

    private Http2Sights control() {
        Http2Sights sights = this.control;
        assumeTrue(sights != null, "The control runs without TLS only");
        return Objects.requireNonNull(sights);
    }

    private static GoAway last(Http2Connection connection) {
        List<GoAway> told = connection.goAways();
        return told.get(told.size() - 1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What clients of every kind see when their server gets SIGTERM, with no announcement before it closes. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ShutdownContract {

    /**
     * Far from the deadline of 25 s; the nominal value is half a second and is printed. What plain Spring Boot takes beside
     * it comes on top, which on a busy machine is the end of the JVM.
     */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final Target target;

    private ShutdownObservations drained;

    private ShutdownObservations control;

    ShutdownContract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void depart() throws IOException {
        // From the jar in one of the two: Spring Boot's loader then loads what only a shutdown needs.
        boolean image = !this.target.tls();
        // A loaded machine may let the clients act late; the grace must be longer than that.
        this.drained = depart(this.target
                .sample()
                .image(image)
                .with(
                        "--server.drain.connections.first-request-grace=8s",
                        "--server.drain.connections.stall-timeout=8s"));
        this.control = depart(this.target.control().image(image));
    }

    private static ShutdownObservations depart(SampleProcess.Builder sample) throws IOException {
        try (SampleProcess server = sample.start()) {
            return new ShutdownScenario(server).signal();
        }
    }

    @Test
    void requestsInServiceHaveTheirResponsesAndAreNotifiedOfTheClose() {
        assertThat(this.drained.slow())
                .allSatisfy((seen) ->
                        assertThat(seen.summary()).isEqualTo("COMPLETE 200, 9 bytes, EOF, Connection: close"));
        assertThat(this.drained.async())
                .allSatisfy((seen) ->
                        assertThat(seen.summary()).isEqualTo("COMPLETE 200, 10 bytes, EOF, Connection: close"));
    }

    /** One of the containers does notify them by itself. */
    @Test
    void requestsInServiceAreNotNotifiedWithoutTheDrain() {
        boolean notified = !this.target.loses(Loss.UNNOTIFIED_REQUESTS);
        assertThat(this.control.slow())
                .allSatisfy((seen) -> assertThat(seen.summary()).startsWith("COMPLETE 200, 9 bytes"))
                .allMatch((seen) -> seen.response().isConnectionClose() == notified);
    }

    @Test
    void streamsUnderWayReachTheirEnd() {
        assertThat(this.drained.stream().summary()).startsWith("COMPLETE 200");
        assertThat(this.drained.stream().response().text()).endsWith("chunk " + ShutdownScenario.STREAM_CHUNKS + "\n");
    }

    @Test
    void anUploadUnderWayIsReadToItsEnd() {
        assertThat(this.drained.upload().summary()).startsWith("COMPLETE 200");
        assertThat(this.drained.upload().response().text())
                .isEqualTo(Integer.toString(ShutdownScenario.UPLOAD_PIECES * ShutdownScenario.UPLOAD_PIECE_BYTES));
    }

    @Test
    void anUploadThatPausesIsReadToItsEnd() {
        assertThat(this.drained.pausingUpload().summary()).startsWith("COMPLETE 200");
        assertThat(this.drained.pausingUpload().response().text())
                .isEqualTo(Integer.toString(2 * ShutdownScenario.UPLOAD_PIECE_BYTES));
    }

    /** Only one of the containers gives up on it. */
    @Test
    void anUploadThatPausesFailsWithoutTheDrain() {
        TimedResponse upload = this.control.pausingUpload();
        this.target.print("upload that pauses, without the drain: %s".formatted(upload.summary()));
        boolean lost = this.target.loses(Loss.PAUSING_UPLOADS);
        assertThat(upload.summary().startsWith("COMPLETE 200"))
                .as(upload.summary())
                .isEqualTo(!lost);
    }

    @Test
    void aRequestBehindAStreamUnderWayIsResponded() {
        String summary = this.drained.pipelined().summary();
        this.target.print("request behind a stream: %s".formatted(summary));
        assertThat(summary).isEqualTo("COMPLETE 200, 5 bytes, EOF, Connection: close");
    }

    @Test
    void aRequestBehindAStreamUnderWayIsLostWithoutTheDrain() {
        TimedResponse pipelined = this.control.pipelined();
        this.target.print("request behind a stream, without the drain: %s".formatted(pipelined.summary()));
        if (this.target.loses(Loss.PIPELINED_REQUESTS)) {
            assertThat(pipelined.response().outcome().isLost())
                    .as(pipelined.summary())
                    .isTrue();
        }
    }

    @Test
    void theProcessIsGoneSoonAfterTheLastResponse() {
        Duration after = this.drained.afterLastResponse();
        Duration plain = this.control.afterLastResponse();
        this.target.print("process gone %d ms after the last response (nominal: 500), without the drain %d ms"
                .formatted(after.toMillis(), plain.toMillis()));
        assertThat(after).isLessThan(SOON.plus(plain));
        assertThat(this.drained.exit().code()).isEqualTo(143);
    }

    @Test
    void aSilentConnectionMayStillSendItsFirstRequest() {
        assertThat(this.drained.allFirstRequests())
                .allSatisfy((seen) ->
                        assertThat(seen.summary()).isEqualTo("COMPLETE 200, 5 bytes, EOF, Connection: close"));
    }

    /** With TLS such a connection is one whose handshake has not begun. */
    @Test
    void aSilentConnectionLosesItsFirstRequestWithoutTheDrain() {
        if (this.target.tls()) {
            this.target.assumeLoses(Loss.HANDSHAKES);
        }
        assertThat(this.control.lateFirstRequests())
                .isNotEmpty()
                .noneMatch((seen) -> seen.response().outcome() == Outcome.COMPLETE);
    }

    @Test
    void idleConnectionsSeeAnOrderlyEnd() {
        assertThat(this.drained.idleEnds()).isNotEmpty().containsOnly(ConnectionEnd.EOF);
    }

    @Test
    void clientsThatKeepTheirConnectionsFailNowhere() {
        List<String> losses = losses("", this.drained);
        assertThat(losses).isEmpty();
        assertThat(this.drained.keepAlive().responsesAfterAnnouncement()).allMatch(RawResponse::isConnectionClose);
    }

    /** One of the containers loses some in some shutdowns only; there, requests behind a stream stand for them. */
    @Test
    void clientsThatKeepTheirConnectionsLoseRequestsWithoutTheDrain() {
        List<String> losses = losses(" without the drain", this.control);
        if (this.target.loses(Loss.KEPT_CONNECTIONS)) {
            assertThat(losses).isNotEmpty();
        }
    }

    final Target subject() {
        return this.target;
    }

    final ShutdownObservations drained() {
        return this.drained;
    }

    final ShutdownObservations control() {
        return this.control;
    }

    private List<String> losses(String how, ShutdownObservations observations) {
        List<String> losses = observations.keepAlive().losses(observations.signalNanos());
        this.target.print("keep-alive clients%s: %d exchanges, %d lost"
                .formatted(how, observations.keepAlive().exchanges().size(), losses.size()));
        return losses;
    }

    @Test
    void theLogShowsEachPhaseOnceAndTheReport() {
        for (String phase : List.of("ANNOUNCED", "DRAINED")) {
            assertThat(log(" INFO ", phase)).as(phase).hasSize(1);
        }
        for (String phase : List.of("EMPTYING_ACCEPT_QUEUE", "CLOSED_TO_NEW", "FINISHING")) {
            assertThat(log(" DEBUG ", phase)).as(phase).hasSize(1);
        }
        assertThat(log(" INFO ", "Drain report:")).singleElement().asString().contains("graceful");
        assertThat(log(" WARN ", "")).isEmpty();
        assertThat(log(" ERROR ", "")).isEmpty();
    }

    /** From the announcement on; what a container has to say of its start is its own. */
    private List<String> log(String level, String text) {
        return this.drained.output().lines((line) -> true).stream()
                .dropWhile((line) -> !line.contains("ANNOUNCED"))
                .filter((line) -> line.contains(level) && line.contains(text))
                .toList();
    }
}

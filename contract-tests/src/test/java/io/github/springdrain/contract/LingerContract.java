// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Responses that come before the request's body has been sent, to clients that write all of it before they read. */
abstract class LingerContract {

    private static final long BODY_BYTES = 64L * 1024 * 1024;

    private static final int REVEALED_BYTES = 600_000;

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Target target;

    LingerContract(Target target) {
        this.target = target;
    }

    @Test
    void earlyResponsesReachClientsThatWriteEverythingFirst() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with(
                        "--server.drain.connections.first-request-grace=10s",
                        // 64 MiB for each client take a busy machine a while.
                        "--server.drain.timeout=80s",
                        "--server.drain.linger.timeout=80s",
                        "--server.drain.linger.idle-timeout=20s")
                .start()) {
            assertWhole("running", exchange(connections(server, fields())));

            List<Post> silent = connections(server);
            server.terminate();
            server.output().await((line) -> line.contains("FINISHING"), LIMIT);
            assertWhole("draining", exchange(silent));
            server.awaitExit(LIMIT);
        }
    }

    /** A connection that is to be kept has no end where the container reads whatever comes. */
    private String[] fields() {
        boolean keptWithoutEnd = this.target.variant().container().readsUnwantedBodies();
        return keptWithoutEnd ? new String[] {"Connection: close"} : new String[0];
    }

    @Test
    void earlyResponsesAreDestroyedWithoutTheDrain() throws IOException {
        // Of a connection that is to be kept, one of the containers reads any body to its end, however long.
        try (SampleProcess server = this.target.control().start()) {
            List<Early> early = exchange(connections(server, "Connection: close"));
            early.forEach((one) -> this.target.print("without the drain: %s".formatted(one.summary())));
            assertThat(early).noneMatch((one) -> one.wroteAll);
            assertThat(early)
                    .filteredOn((one) -> one.path.equals("/reveal"))
                    .hasSize(2)
                    .allMatch((one) -> one.response.outcome().isLost());
        }
    }

    private static void assertWhole(String when, List<Early> early) {
        assertThat(early).as(when).allSatisfy((one) -> {
            assertThat(one.response.summary()).startsWith(one.expected());
            assertThat(one.response.ending()).as(one.summary()).isEqualTo(ConnectionEnd.EOF);
            assertThat(one.wroteAll).as(one.summary()).isTrue();
        });
    }

    private static List<Post> connections(SampleProcess server, String... fields) throws IOException {
        List<Post> posts = new ArrayList<>();
        for (String path : List.of("/reject", "/reveal")) {
            for (boolean chunked : List.of(false, true)) {
                posts.add(new Post(
                        path, chunked, server.client().withPatience(LIMIT).connect(), List.of(fields)));
            }
        }
        return posts;
    }

    /** One exchange of each kind, all at the same time. */
    private static List<Early> exchange(List<Post> posts) {
        return ConcurrentClients.forEach("early", posts, Post::exchange).results(LIMIT.multipliedBy(2));
    }

    /** A request that is still to be sent. */
    private record Post(String path, boolean chunked, RawConnection connection, List<String> fields) {

        /** Writes the whole body, and only then reads. */
        Early exchange() {
            if (this.chunked) {
                this.connection
                        .chunkedHead("POST", this.path, this.fields.toArray(String[]::new))
                        .chunkedBody(BODY_BYTES);
            } else {
                this.connection
                        .head("POST", this.path, BODY_BYTES, this.fields.toArray(String[]::new))
                        .body(BODY_BYTES);
            }
            boolean wroteAll = this.connection.failure() == null;
            RawResponse response = this.connection.readResponse();
            if (!response.outcome().isLost()) {
                response = response.endedBy(this.connection.awaitEnd(Duration.ofSeconds(20)));
            }
            this.connection.close();
            return new Early(this.path, this.chunked, response, wroteAll);
        }
    }

    /** What came of it. */
    private record Early(String path, boolean chunked, RawResponse response, boolean wroteAll) {

        String expected() {
            return this.path.equals("/reject") ? "COMPLETE 413, 8 bytes" : "COMPLETE 200, " + REVEALED_BYTES + " bytes";
        }

        String summary() {
            return "POST %s, %s: %s; body %s"
                    .formatted(
                            this.path,
                            this.chunked ? "chunked" : "length",
                            this.response.summary(),
                            this.wroteAll ? "written" : "cut off");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Bodies that hold requests, whether the application reads them or not: none of those is ever served, before the drain,
 * around the announcement and while connections linger. The sample counts what it has seen.
 */
abstract class SmugglingContract {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int CASES = Integer.getInteger("faults.cases", 48);

    private static final int AT_A_TIME = 6;

    /** No other client asks for it. */
    private static final String SMUGGLED = "GET /async?ms=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final String BEHIND = "GET /slow?ms=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final List<String> COUNTED = List.of("/upload", "/reject", "/reveal");

    private final Target target;

    private final long seed = Long.getLong("faults.seed", 20_240_607L);

    SmugglingContract(Target target) {
        this.target = target;
    }

    /** Some responses are destroyed by a reset then, as the rest of the body is not read. */
    @Test
    void noRequestInABodyIsServedWithoutTheDrain() throws IOException {
        this.target.assumeCommonControl();
        try (SampleProcess server = start(this.target.control())) {
            assertNothingSmuggled("without the drain", server, exchange(server, new ArrayList<>(), 0));
        }
    }

    @Test
    void noRequestInABodyIsServed() throws IOException {
        try (SampleProcess server = start(this.target
                .sample()
                .with("--server.drain.announce.delay=60s", "--server.drain.timeout=110s")
                .with("--server.drain.announce.quiet-period=8s")
                .with("--server.drain.connections.first-request-grace=60s")
                .with("--server.drain.linger.idle-timeout=2s"))) {
            RawClient client = server.client().withPatience(PATIENCE);
            List<Exchanged> exchanged = new ArrayList<>(exchange(server, new ArrayList<>(), 0));
            List<RawConnection> silent = new ArrayList<>();
            for (int i = 0; i < CASES; i++) {
                silent.add(client.connect());
            }
            silent.forEach(RawConnection::handshake);
            assertThat(server.managementClient().post("/actuator/drain").status())
                    .isLessThan(300);
            server.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
            exchanged.addAll(exchange(server, new ArrayList<>(), 1));
            RawConnection slow = client.connect().request("GET", "/stream?chunks=200&ms=100");
            server.output().await((line) -> line.contains("Drain FINISHING"), LIMIT);
            exchanged.addAll(exchange(server, silent, 2));
            assertNothingSmuggled("with the drain", server, exchanged);
            assertThat(exchanged)
                    .allSatisfy((one) -> assertThat(one.isLost())
                            .as("%s: %s", one.description, one.responses)
                            .isFalse());
            slow.close();
            long signal = server.terminate();
            DrainVerdict.of(server).inTime(signal, Duration.ofSeconds(110)).quiet("Resolved \\[");
        }
    }

    private SampleProcess start(SampleProcess.Builder sample) {
        return sample.with("--management.server.port=" + Ports.free()).start();
    }

    /** Sends a corpus that depends on the seed alone. */
    private List<Exchanged> exchange(SampleProcess server, List<RawConnection> opened, int phase) throws IOException {
        Random random = new Random(this.seed + phase);
        List<Smuggling> cases = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            RawConnection connection = opened.isEmpty() ? null : opened.get(i);
            cases.add(Smuggling.draw(random, connection));
        }
        List<Exchanged> all = new ArrayList<>();
        for (int from = 0; from < CASES; from += AT_A_TIME) {
            List<Smuggling> some = cases.subList(from, Math.min(CASES, from + AT_A_TIME));
            all.addAll(ConcurrentClients.forEach("smuggling", some, (each) -> each.exchange(server))
                    .results(LIMIT));
        }
        return all;
    }

    private void assertNothingSmuggled(String when, SampleProcess server, List<Exchanged> exchanged) {
        Map<String, Integer> outcomes = new TreeMap<>();
        exchanged.forEach((one) -> outcomes.merge(one.summary(), 1, Integer::sum));
        this.target.print("%d bodies with requests in them %s (seed %d): %s"
                .formatted(exchanged.size(), when, this.seed, outcomes));
        assertThat(exchanged).allSatisfy((one) -> {
            assertThat(one.responses).as(one.description).hasSizeLessThanOrEqualTo(one.sent);
            assertThat(one.responses)
                    .as(one.description)
                    .noneMatch((response) -> response.text().contains("async 1"));
        });
        RawClient management = server.managementClient();
        assertThat(seen(management, "/async")).as("smuggled").isZero();
        COUNTED.forEach((path) -> assertThat(seen(management, path))
                .as(path)
                .isEqualTo(exchanged.stream()
                        .filter((one) -> one.path.equals(path))
                        .count()));
        assertThat(seen(management, "/slow"))
                .as("requests behind the bodies")
                .isEqualTo(exchanged.stream()
                        .flatMap((one) -> one.responses.stream())
                        .filter((response) -> response.text().equals("slow 1"))
                        .count());
    }

    /** What the application has counted. */
    private static long seen(RawClient management, String path) {
        RawResponse metric = management.get("/actuator/metrics/http.server.requests?tag=uri:" + path);
        return (metric.status() == 404)
                ? 0
                : (long) Double.parseDouble(Json.texts(metric, "$.measurements[?(@.statistic=='COUNT')].value")
                        .get(0));
    }

    /** When a body follows its head. */
    private enum Delivery {
        TOGETHER,
        AFTER_THE_RESPONSE,
        IN_PIECES,
        BROKEN_OFF
    }

    /** One request whose body holds others. */
    private record Smuggling(
            @Nullable RawConnection opened,
            String path,
            boolean chunked,
            boolean expecting,
            boolean closing,
            Delivery delivery,
            String body,
            List<Integer> cuts) {

        static Smuggling draw(Random random, @Nullable RawConnection opened) {
            String path = List.of("/upload", "/reject", "/reveal?bytes=200000", "/hello", "/nothing")
                    .get(random.nextInt(5));
            Delivery delivery = List.of(Delivery.values()).get(random.nextInt(4));
            boolean unread = !path.equals("/upload");
            if (!unread && delivery != Delivery.TOGETHER) {
                delivery = Delivery.IN_PIECES;
            }
            boolean chunked = random.nextBoolean();
            String content = content(random);
            String body = chunked ? chunks(random, content) : content;
            List<Integer> cuts = random.ints(3, 1, Math.max(2, body.length()))
                    .sorted()
                    .boxed()
                    .toList();
            return new Smuggling(
                    opened, path, chunked, random.nextInt(3) == 0, random.nextInt(3) == 0, delivery, body, cuts);
        }

        private static String content(Random random) {
            StringBuilder content = new StringBuilder();
            content.append("a".repeat(random.nextInt(4) * random.nextInt(1000)));
            int requests = 1 + random.nextInt(3);
            for (int i = 0; i < requests; i++) {
                content.append(random.nextBoolean() ? "\r\n\r\n" : "").append(SMUGGLED);
            }
            // Beyond what containers swallow, and what they read ahead.
            int tail = random.nextInt(6);
            content.append("z".repeat((tail == 0) ? 3_000_000 : (tail < 3) ? 100_000 : 0));
            content.append((tail % 2 == 0) ? SMUGGLED : "");
            return content.toString();
        }

        private static String chunks(Random random, String text) {
            StringBuilder body = new StringBuilder();
            for (int from = 0; from < text.length(); ) {
                int to = Math.min(text.length(), from + 1 + random.nextInt(random.nextBoolean() ? 60 : 200_000));
                body.append(Integer.toHexString(to - from))
                        .append(random.nextInt(8) == 0 ? ";x=1" : "")
                        .append("\r\n")
                        .append(text, from, to)
                        .append("\r\n");
                from = to;
            }
            return body.append("0\r\n\r\n").toString();
        }

        String pathOnly() {
            int query = this.path.indexOf('?');
            return (query < 0) ? this.path : this.path.substring(0, query);
        }

        Exchanged exchange(SampleProcess server) throws IOException {
            RawConnection connection = (this.opened != null)
                    ? this.opened
                    : server.client().withPatience(PATIENCE).connect();
            try (connection) {
                return exchange(connection);
            }
        }

        private Exchanged exchange(RawConnection connection) {
            List<RawResponse> responses = new ArrayList<>();
            byte[] content = this.body.getBytes(StandardCharsets.US_ASCII);
            boolean behind = !this.closing && this.delivery != Delivery.BROKEN_OFF;
            switch (this.delivery) {
                case TOGETHER -> connection.write(head() + this.body);
                case AFTER_THE_RESPONSE -> {
                    connection.write(head());
                    responses.add(connection.readResponse());
                    connection.write(content, 0, content.length);
                }
                case IN_PIECES -> {
                    connection.write(head());
                    int from = 0;
                    for (int cut : this.cuts) {
                        connection.write(content, from, cut - from);
                        Moment.await(System.nanoTime(), Duration.ofMillis(5));
                        from = cut;
                    }
                    connection.write(content, from, content.length - from);
                }
                case BROKEN_OFF -> {
                    connection.write(head());
                    connection.write(content, 0, this.cuts.get(1));
                }
            }
            if (behind) {
                connection.write(BEHIND);
            }
            if (responses.isEmpty()) {
                responses.add(connection.readResponse());
            }
            if (behind && !responses.get(0).isConnectionClose()) {
                add(responses, connection.readResponse());
            }
            if (!connection.isTls()) {
                // One more than there may be; with TLS what the sample has counted has to do.
                add(responses, connection.halfClose().readResponse());
            }
            return new Exchanged(pathOnly(), toString(), behind ? 2 : 1, responses);
        }

        private static void add(List<RawResponse> responses, RawResponse next) {
            if (next.status() > 0) {
                responses.add(next);
            }
        }

        private String head() {
            return "POST " + this.path + " HTTP/1.1\r\nHost: localhost\r\n"
                    + (this.chunked
                            ? "Transfer-Encoding: chunked\r\n"
                            : "Content-Length: " + this.body.length() + "\r\n")
                    + (this.expecting ? "Expect: 100-continue\r\n" : "")
                    + (this.closing ? "Connection: close\r\n" : "")
                    + "\r\n";
        }

        @Override
        public String toString() {
            return "POST %s, %s, %d bytes, %s%s%s"
                    .formatted(
                            this.path,
                            this.chunked ? "chunked" : "length",
                            this.body.length(),
                            this.delivery,
                            this.expecting ? ", expecting" : "",
                            this.closing ? ", closing" : "");
        }
    }

    /** What came of one. */
    private record Exchanged(String path, String description, int sent, List<RawResponse> responses) {

        boolean isLost() {
            return this.responses.get(0).outcome().isLost();
        }

        String summary() {
            return this.path + " "
                    + this.responses.stream()
                            .map((response) -> response.outcome() + " " + response.status())
                            .toList();
        }
    }
}

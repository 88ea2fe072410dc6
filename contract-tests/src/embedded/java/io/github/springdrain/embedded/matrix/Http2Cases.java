// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import io.github.springdrain.contract.Http2Connection;
import io.github.springdrain.contract.Http2Frame;
import io.github.springdrain.contract.Http2FrameType;
import io.github.springdrain.contract.Http2Stream;
import io.github.springdrain.contract.Moment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** HTTP/2, over TLS and in clear text. */
final class Http2Cases {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int CANCEL = 8;

    private Http2Cases() {}

    static List<Case> all() {
        return List.of(
                get("HTTP/2: GET", "/do?write=5"),
                get("HTTP/2: no body", "/do?status=204"),
                get("HTTP/2: large", "/do?write=200000"),
                get("HTTP/2: in parts", "/do?write=5,flush,wait=30,write=5"),
                get("HTTP/2: file", "/file.bin"),
                get("HTTP/2: file of a servlet", "/do?sendfile"),
                get("HTTP/2: trailers", "/do?trailer,write=5,flush"),
                get("HTTP/2: the application closes", "/do?close,write=5"),
                get("HTTP/2: asynchronous", "/do?async,wait=20,write=5"),
                get("HTTP/2: timed out", "/do?timeout=100"),
                get("HTTP/2: write listener", "/do?pour=200000"),
                get("HTTP/2: not found", "/nowhere"),
                get("HTTP/2: failing servlet", "/do?throw"),
                get("HTTP/2: failing servlet behind a flush", "/do?write=5,flush,throw"),
                get("HTTP/2: Spring MVC", "/mvc/text"),
                on(
                        "HTTP/2: body read",
                        (connection, transcript) -> note(
                                transcript, connection.post("/do?read,write=5").body(5, true))),
                on("HTTP/2: late body read", (connection, transcript) -> {
                    Http2Stream stream = connection.post("/do?read,write=5");
                    pause(50);
                    note(transcript, stream.body(5, true));
                }),
                on(
                        "HTTP/2: body unread",
                        (connection, transcript) ->
                                note(transcript, connection.post("/do?write=5").body(5, true))),
                on(
                        "HTTP/2: body half read",
                        (connection, transcript) -> note(
                                transcript,
                                connection.post("/do?read=2,write=5").body(5, true))),
                on(
                        "HTTP/2: body refused",
                        (connection, transcript) -> note(
                                transcript, connection.post("/do?error=413").body(10_000, true))),
                on(
                        "HTTP/2: read listener",
                        (connection, transcript) ->
                                note(transcript, connection.post("/do?listen").body(5, true))),
                on("HTTP/2: late body unread", (connection, transcript) -> {
                    Http2Stream stream = connection.post("/do?write=5");
                    note(transcript, stream);
                    stream.body(5, true);
                }),
                on("HTTP/2: twenty streams at once", (connection, transcript) -> {
                    List<Http2Stream> streams = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        streams.add(connection.get("/do?wait=20,write=5"));
                    }
                    streams.forEach((stream) -> note(transcript, stream));
                }),
                on("HTTP/2: stream reset by the client", (connection, transcript) -> {
                    Http2Stream stream = connection.get("/do?wait=60,write=5");
                    pause(20);
                    connection.write(Http2Frame.number(Http2FrameType.RST_STREAM, stream.id(), CANCEL));
                }),
                on("HTTP/2: upload reset by the client", (connection, transcript) -> {
                    Http2Stream stream = connection.post("/do?read,write=5").body(5, false);
                    pause(30);
                    connection.write(Http2Frame.number(Http2FrameType.RST_STREAM, stream.id(), CANCEL));
                }),
                on("HTTP/2: ping", (connection, transcript) -> {
                    connection.write(Http2Frame.ping(1));
                    note(transcript, connection.get("/do?write=5"));
                    transcript.note("pongs " + connection.pongs());
                }),
                ended("HTTP/2: broken frame", (connection, transcript) -> {
                    note(transcript, connection.get("/do?write=5"));
                    connection.write(new Http2Frame(Http2FrameType.PING, 0, 0, new byte[3]));
                }),
                ended("HTTP/2: the client says GOAWAY and ends", (connection, transcript) -> {
                    note(transcript, connection.get("/do?write=5"));
                    connection.write(new Http2Frame(Http2FrameType.GOAWAY, 0, 0, new byte[8]));
                    connection.halfClose();
                }),
                ended("HTTP/2: the client ends", (connection, transcript) -> {
                    note(transcript, connection.get("/do?write=5"));
                    connection.halfClose();
                }),
                Case.of("HTTP/2: upgrade", (exchange) -> {
                            try (Http2Connection connection = exchange.http2().upgrade("/do?write=5")) {
                                note(exchange.transcript(), connection.stream(1));
                                finish(connection, exchange.transcript());
                            }
                        })
                        .on((listener) -> listener == Listener.HTTP));
    }

    private static Case get(String name, String path) {
        return on(name, (connection, transcript) -> note(transcript, connection.get(path)));
    }

    private static Case on(String name, Script script) {
        return Case.of(name, (exchange) -> {
            try (Http2Connection connection = exchange.http2().connect()) {
                script.run(connection, exchange.transcript());
                finish(connection, exchange.transcript());
            }
        });
    }

    private static Case ended(String name, Script script) {
        return Case.of(name, (exchange) -> {
            try (Http2Connection connection = exchange.http2().connect()) {
                script.run(connection, exchange.transcript());
                exchange.transcript().outcome(end(connection));
            }
        });
    }

    private static void finish(Http2Connection connection, Transcript transcript) {
        Http2Stream next = connection.get("/do?write=6").await(PATIENCE);
        transcript.note(next.summary());
        transcript.note("GOAWAYs: " + connection.goAways().size());
        transcript.outcome((next.state() == Http2Stream.State.COMPLETE) ? "usable" : end(connection));
    }

    private static String end(Http2Connection connection) {
        String ending = connection.awaitEnd(PATIENCE).toString();
        return ending
                + connection.goAways().stream()
                        .map((goAway) -> " after GOAWAY")
                        .distinct()
                        .findFirst()
                        .orElse("");
    }

    private static void note(Transcript transcript, Http2Stream stream) {
        transcript.response(stream.await(PATIENCE).summary());
    }

    private static void pause(int millis) {
        Moment.await(System.nanoTime(), Duration.ofMillis(millis));
    }

    /** What a client of HTTP/2 does. */
    @FunctionalInterface
    private interface Script {

        void run(Http2Connection connection, Transcript transcript) throws IOException;
    }
}

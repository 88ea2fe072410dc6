// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static io.github.springdrain.embedded.matrix.Requests.chunked;
import static io.github.springdrain.embedded.matrix.Requests.get;
import static io.github.springdrain.embedded.matrix.Requests.post;

import java.util.List;

/** Requests sent before the response to the one in front has come. */
final class PipelineCases {

    private static final String CHUNKS = "5\r\nhello\r\n0\r\n\r\n";

    private PipelineCases() {}

    static List<Case> all() {
        return List.of(
                Case.twice("two requests in one write", get("/do?write=5") + get("/do?write=6")),
                Case.of("twenty requests in one write", (exchange) -> {
                    Client client = exchange.send(get("/do?write=5").repeat(20));
                    for (int i = 0; i < 20; i++) {
                        client.response();
                    }
                    client.finish();
                }),
                Case.twice(
                        "two requests, the last one closes",
                        get("/do?write=5") + get("/do?write=6", "Connection: close")),
                Case.once(
                        "two requests, the first one closes",
                        get("/do?write=5", "Connection: close") + get("/do?write=6")),
                Case.once("two requests, the application closes", get("/do?close,write=5") + get("/do?write=6")),
                Case.of(
                        "two requests, the client ends its half",
                        (exchange) -> exchange.send(get("/do?write=5") + get("/do?write=6"))
                                .halfClose()
                                .response()
                                .response()
                                .finish()),
                Case.of(
                        "second request in two parts",
                        (exchange) -> exchange.send(get("/do?write=5") + "GET /do?write=6 HTTP/1.1\r\n")
                                .patience(1800)
                                .response()
                                .pause(50)
                                .send("Host: localhost\r\n\r\n")
                                .response()
                                .finish()),
                Case.twice(
                        "request behind a body that is read",
                        post("/do?read,write=5", 5) + "hello" + get("/do?write=6")),
                Case.twice(
                        "request behind a body that is not read",
                        post("/do?write=5", 5) + "hello" + get("/do?write=6")),
                Case.twice(
                        "closing request behind a body that is not read",
                        post("/do?write=5", 5) + "hello" + get("/do?write=6", "Connection: close")),
                Case.once(
                        "request behind a closing one with a body that is not read",
                        post("/do?write=5", 5, "Connection: close") + "hello" + get("/do?write=6")),
                Case.twice(
                        "request behind a body that is half read",
                        post("/do?read=2,write=5", 5) + "hello" + get("/do?write=6")),
                Case.twice(
                        "request behind chunks that are read",
                        chunked("/do?read,write=5") + CHUNKS + get("/do?write=6")),
                Case.twice(
                        "request behind chunks that are not read",
                        chunked("/do?write=5") + CHUNKS + get("/do?write=6")),
                Case.of(
                        "request behind a late body that is not read",
                        (exchange) -> exchange.send(post("/do?write=5", 5))
                                .pause(20)
                                .send("hello" + get("/do?write=6"))
                                .response()
                                .response()
                                .finish()),
                Case.twice(
                        "two bodies that are not read",
                        post("/do?write=5", 5) + "hello" + post("/do?write=6", 5) + "hello"),
                Case.twice("unread body behind a request", get("/do?write=5") + post("/do?write=6", 5) + "hello"),
                Case.twice(
                        "unread body behind a request, the client closes",
                        get("/do?write=5") + post("/do?write=6", 5, "Connection: close") + "hello"),
                Case.of(
                        "unread body behind a request comes late",
                        (exchange) -> exchange.send(get("/do?write=5") + post("/do?write=6", 5))
                                .pause(1300)
                                .send("hello")
                                .response()
                                .response()
                                .finish()),
                Case.of(
                        "unread late body behind a request",
                        (exchange) -> exchange.send(get("/do?write=5") + post("/do?write=6", 5))
                                .patience(1800)
                                .response()
                                .response()
                                .pause(20)
                                .send("hello")
                                .finish()),
                Case.of(
                        "unread late body behind a request, the client closes",
                        (exchange) -> exchange.send(get("/do?write=5") + post("/do?write=6", 5, "Connection: close"))
                                .response()
                                .response()
                                .patience(1800)
                                .finish()),
                Case.of(
                        "unread large body behind a request, the client closes",
                        (exchange) -> exchange.send(
                                        get("/do?write=5") + post("/do?write=6", 300_000, "Connection: close"))
                                .body(300_000)
                                .response()
                                .response()
                                .finish()),
                Case.twice("request behind a large response", get("/do?write=1000000") + get("/do?write=6")),
                Case.twice("request behind an asynchronous one", get("/do?async,wait=30,write=5") + get("/do?write=6")),
                Case.twice("request behind one that fails", get("/do?throw") + get("/do?write=6")),
                Case.of(
                        "request sent while the one in front is served",
                        (exchange) -> exchange.send(get("/do?wait=60,write=5"))
                                .pause(20)
                                .send(get("/do?write=6"))
                                .response()
                                .response()
                                .finish()));
    }
}

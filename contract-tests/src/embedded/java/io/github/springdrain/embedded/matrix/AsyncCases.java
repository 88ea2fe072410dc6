// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static io.github.springdrain.embedded.matrix.Requests.get;
import static io.github.springdrain.embedded.matrix.Requests.post;

import java.util.List;

/** Requests that are responded to by another thread than the one they came in on. */
final class AsyncCases {

    private AsyncCases() {}

    static List<Case> all() {
        return List.of(
                Case.once("asynchronous", get("/do?async,wait=20,write=5")),
                Case.once("asynchronous, the client closes", get("/do?async,wait=20,write=5", "Connection: close")),
                Case.once("asynchronous, body read", post("/do?async,read,write=5", 5) + "hello"),
                Case.of(
                        "asynchronous, late body read",
                        (exchange) -> exchange.send(post("/do?async,read,write=5", 5))
                                .pause(50)
                                .send("hello")
                                .response()
                                .finish()),
                Case.once("asynchronous, body unread", post("/do?async,wait=20,write=5", 5) + "hello"),
                Case.once(
                        "asynchronous, body unread, the client closes",
                        post("/do?async,wait=20,write=5", 5, "Connection: close") + "hello"),
                Case.once("asynchronous, large", get("/do?async,write=1000000")),
                Case.once("dispatched", get("/do?dispatch,write=5")),
                Case.once("dispatched, body unread", post("/do?dispatch,write=5", 5) + "hello"),
                Case.once("timed out", get("/do?timeout=100")),
                Case.once("timed out, body unread", post("/do?timeout=100", 5) + "hello"),
                Case.once("read listener", post("/do?listen", 5) + "hello"),
                Case.of(
                        "read listener, body in parts",
                        (exchange) -> exchange.send(post("/do?listen", 10) + "hello")
                                .pause(50)
                                .send("world")
                                .response()
                                .finish()),
                Case.of(
                        "read listener, large body",
                        (exchange) -> exchange.send(post("/do?listen", 1_000_000))
                                .body(1_000_000)
                                .response()
                                .finish()),
                Case.of(
                        "read listener, body cut by the client",
                        (exchange) -> exchange.send(post("/do?listen", 10) + "hello")
                                .pause(100)
                                .halfClose()
                                .response()
                                .finish()),
                Case.once("write listener", get("/do?pour=1000000")),
                Case.of(
                        "write listener, to a slow reader",
                        (exchange) -> exchange.send(get("/do?pour=6000000", "Connection: close"))
                                .pause(200)
                                .response()
                                .finish()),
                Case.once("write listener, body unread", post("/do?pour=100000", 5) + "hello"),
                Case.once("Callable", get("/mvc/callable")),
                Case.once("DeferredResult", get("/mvc/deferred")),
                Case.once("DeferredResult, timed out", get("/mvc/deferred-timeout")),
                Case.once("DeferredResult, failed", get("/mvc/deferred-failure")),
                Case.once("SseEmitter", get("/mvc/emitter")),
                Case.once("StreamingResponseBody", get("/mvc/streaming")));
    }
}

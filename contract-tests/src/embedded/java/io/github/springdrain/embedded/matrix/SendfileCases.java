// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static io.github.springdrain.embedded.matrix.Requests.chunked;
import static io.github.springdrain.embedded.matrix.Requests.get;
import static io.github.springdrain.embedded.matrix.Requests.get10;
import static io.github.springdrain.embedded.matrix.Requests.head;
import static io.github.springdrain.embedded.matrix.Requests.post;
import static io.github.springdrain.embedded.matrix.Requests.post10;

import java.util.List;

/** Files, which containers send without a thread of the application. */
final class SendfileCases {

    private static final String FILE = "/file.bin";

    private static final String SENT = "/do?sendfile";

    /** Milliseconds after which a server has sent the file even on a busy machine. */
    private static final int LATE = 500;

    private SendfileCases() {}

    static List<Case> all() {
        return List.of(
                Case.once("file", get(FILE)),
                Case.once("file, the client closes", get(FILE, "Connection: close")),
                Case.once("file, HTTP/1.0", get10(FILE)),
                Case.of(
                        "file, HEAD",
                        (exchange) -> exchange.send(head("HEAD " + FILE + " HTTP/1.1"))
                                .responseToHead()
                                .finish()),
                Case.once("file, a part of it", get(FILE, "Range: bytes=1000-200999")),
                Case.once("file, not modified", get(FILE, "If-Modified-Since: Sun, 26 Nov 2023 00:00:00 GMT")),
                Case.of(
                        "file, to a slow reader",
                        (exchange) -> exchange.send(get(FILE, "Connection: close"))
                                .pause(200)
                                .response()
                                .finish()),
                Case.twice("file, pipelined", get(FILE) + get("/do?write=5")),
                Case.once("file, request with a body", post(FILE, 5) + "hello"),
                Case.once("file, request with a body, the client closes", post(FILE, 5, "Connection: close") + "hello"),
                Case.once("file, request with a body, HTTP/1.0", post10(FILE, 5) + "hello"),
                Case.of(
                        "file, request with a late body",
                        (exchange) -> exchange.send(post(FILE, 5))
                                .pause(LATE)
                                .send("hello")
                                .response()
                                .finish()),
                Case.once("file, request with chunks", chunked(FILE) + "5\r\nhello\r\n0\r\n\r\n"),
                Case.once("file of a servlet", get(SENT)),
                Case.once("file of a servlet, body read", post("/do?read,sendfile", 5) + "hello"),
                Case.once("file of a servlet, body unread", post(SENT, 5) + "hello"),
                Case.once(
                        "file of a servlet, body unread, the client closes",
                        post(SENT, 5, "Connection: close") + "hello"),
                Case.of(
                        "file of a servlet, late body unread",
                        (exchange) -> exchange.send(post(SENT, 5))
                                .pause(LATE)
                                .send("hello")
                                .response()
                                .finish()),
                Case.twice("file of a servlet, body unread, pipelined", post(SENT, 5) + "hello" + get("/do?write=5")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static io.github.springdrain.embedded.matrix.Requests.chunked;
import static io.github.springdrain.embedded.matrix.Requests.get;
import static io.github.springdrain.embedded.matrix.Requests.head;
import static io.github.springdrain.embedded.matrix.Requests.post;

import java.util.List;

/** Requests that are refused, and applications that fail. */
final class ErrorCases {

    private ErrorCases() {}

    static List<Case> all() {
        return List.of(
                Case.once("not found", get("/nowhere")),
                Case.once("not found, body unread", post("/mvc/nowhere", 5) + "hello"),
                Case.once("method not allowed", head("DELETE /mvc/text HTTP/1.1")),
                Case.once("failing servlet", get("/do?throw")),
                Case.once("failing servlet, the client closes", get("/do?throw", "Connection: close")),
                Case.once("failing servlet, body unread", post("/do?throw", 5) + "hello"),
                Case.once("failing servlet behind a flush", get("/do?write=5,flush,throw")),
                Case.once("failing servlet behind a flush, with a length", get("/do?length=10,write=5,flush,throw")),
                Case.once("failing servlet behind a flush, body unread", post("/do?write=5,flush,throw", 5) + "hello"),
                Case.once("failing controller", get("/mvc/failure")),
                Case.once("error status", get("/do?error=503")),
                Case.once("error status, body unread", post("/do?error=413", 5) + "hello"),
                Case.once("reset response", get("/do?status=404,write=5,reset,write=6")),
                Case.once("no request line", "nonsense\r\n\r\n"),
                Case.of(
                        "no request line, more behind it",
                        (exchange) -> exchange.send("nonsense\r\n\r\n")
                                .body(50_000)
                                .response()
                                .finish()),
                Case.once("unknown version", "GET /do?write=5 HTTP/9.9\r\nHost: localhost\r\n\r\n"),
                Case.once("no Host", "GET /do?write=5 HTTP/1.1\r\n\r\n"),
                Case.once("forbidden character in the target", get("/do?write=5|")),
                Case.once("head too large", get("/do?write=5", "X-Long: " + "x".repeat(20_000))),
                Case.once(
                        "length is no number",
                        head("POST /do?read,write=5 HTTP/1.1", "Content-Length: five") + "hello"),
                Case.once("two lengths", post("/do?read,write=5", 5, "Content-Length: 6") + "hello"),
                Case.once("length and chunks", post("/do?read,write=5", 5, "Transfer-Encoding: chunked") + "0\r\n\r\n"),
                Case.of(
                        "unknown transfer coding",
                        (exchange) -> exchange.send(
                                        head("POST /do?read,write=5 HTTP/1.1", "Transfer-Encoding: wonders") + "hello")
                                .patience(700)
                                .response()
                                .finish()),
                Case.once("broken chunk", chunked("/do?read,write=5") + "xyz\r\nhello\r\n"),
                Case.once("broken chunk unread", chunked("/do?write=5") + "xyz\r\nhello\r\n"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static io.github.springdrain.embedded.matrix.Requests.chunked;
import static io.github.springdrain.embedded.matrix.Requests.post;
import static io.github.springdrain.embedded.matrix.Requests.post10;

import java.util.List;

/** Requests with a body: read, unread, read in half, and late. */
final class BodyCases {

    private static final String CHUNKS = "5\r\nhello\r\n6;name=value\r\n world\r\n0\r\n\r\n";

    private static final int LARGE = 300_000;

    private static final int HUGE = 8_000_000;

    private BodyCases() {}

    static List<Case> all() {
        return List.of(
                Case.once("body read", post("/do?read,write=5", 5) + "hello"),
                Case.once("body read, the client closes", post("/do?read,write=5", 5, "Connection: close") + "hello"),
                Case.once("body read, HTTP/1.0", post10("/do?read,write=5", 5) + "hello"),
                Case.once("empty body", post("/do?read,write=5", 0)),
                Case.of(
                        "large body read",
                        (exchange) -> exchange.send(post("/do?read,write=5", LARGE))
                                .body(LARGE)
                                .response()
                                .finish()),
                Case.of(
                        "late body read",
                        (exchange) -> exchange.send(post("/do?read,write=5", 5))
                                .pause(100)
                                .send("hello")
                                .response()
                                .finish()),
                Case.of(
                        "body read byte by byte",
                        (exchange) -> exchange.send(post("/do?read,write=5", 20))
                                .sendSlowly("01234567890123456789")
                                .response()
                                .finish()),
                Case.once("chunks read", chunked("/do?read,write=5") + CHUNKS),
                Case.of(
                        "late chunks read",
                        (exchange) -> exchange.send(chunked("/do?read,write=5") + "5\r\nhel")
                                .pause(100)
                                .send("lo\r\n0\r\n\r\n")
                                .response()
                                .finish()),
                Case.once(
                        "chunks with trailers",
                        chunked("/do?read,trailers,write=5") + "5\r\nhello\r\n0\r\nX-One: 1\r\nX-Two: 2\r\n\r\n"),
                Case.once(
                        "chunks with trailers unread",
                        chunked("/do?write=5") + "5\r\nhello\r\n0\r\nX-One: 1\r\nX-Two: 2\r\n\r\n"),
                Case.once(
                        "form",
                        post("/mvc/form", 10, "Content-Type: application/x-www-form-urlencoded") + "name=value"),
                Case.once("body read by Spring MVC", post("/mvc/body", 5, "Content-Type: text/plain") + "hello"),
                Case.once("body unread", post("/do?write=5", 5) + "hello"),
                Case.once("body unread, the client closes", post("/do?write=5", 5, "Connection: close") + "hello"),
                Case.once("body unread, the application closes", post("/do?close,write=5", 5) + "hello"),
                Case.once("body unread, HTTP/1.0", post10("/do?write=5", 5) + "hello"),
                Case.once(
                        "body unread, HTTP/1.0, keep-alive",
                        post10("/do?length=5,write=5", 5, "Connection: keep-alive") + "hello"),
                Case.once("body unread, large response", post("/do?write=1000000", 5) + "hello"),
                Case.once(
                        "body unread, large response, the client closes",
                        post("/do?write=1000000", 5, "Connection: close") + "hello"),
                Case.once(
                        "body unread, compressed",
                        post("/do?type=text-css,write=5000", 5, "Accept-Encoding: gzip") + "hello"),
                Case.once("chunks unread", chunked("/do?write=5") + CHUNKS),
                Case.once("chunks unread, the client closes", chunked("/do?write=5", "Connection: close") + CHUNKS),
                Case.once("body half read", post("/do?read=2,write=5", 5) + "hello"),
                Case.once(
                        "body half read, the client closes",
                        post("/do?read=2,write=5", 5, "Connection: close") + "hello"),
                Case.once("chunks half read", chunked("/do?read=2,write=5") + CHUNKS),
                Case.once("body read after the response", post("/do?write=5,flush,read,write=5", 5) + "hello"),
                Case.of(
                        "late body read after the response",
                        (exchange) -> exchange.send(post("/do?write=5,flush,read,write=5", 5))
                                .pause(80)
                                .send("hello")
                                .response()
                                .finish()),
                Case.of(
                        "late body unread",
                        (exchange) -> exchange.send(post("/do?write=5", 5))
                                .response()
                                .pause(20)
                                .send("hello")
                                .finish()),
                Case.of(
                                "late body unread after long work",
                                (exchange) -> exchange.send(post("/do?wait=600,write=5", 5))
                                        .response()
                                        .pause(5)
                                        .send("hello")
                                        .finish())
                        .repeated(3),
                Case.of(
                        "late chunks unread",
                        (exchange) -> exchange.send(chunked("/do?write=5"))
                                .response()
                                .pause(20)
                                .send(CHUNKS)
                                .finish()),
                Case.of(
                        "body in two parts, one of them unread",
                        (exchange) -> exchange.send(post("/do?read=5,write=5", 10) + "hello")
                                .patience(700)
                                .response()
                                .pause(20)
                                .send("world")
                                .finish()),
                Case.of(
                        "large body unread",
                        (exchange) -> exchange.send(post("/do?write=5", LARGE))
                                .body(LARGE)
                                .response()
                                .finish()),
                Case.of(
                        "large body unread, the client closes",
                        (exchange) -> exchange.send(post("/do?write=5", LARGE, "Connection: close"))
                                .body(LARGE)
                                .response()
                                .finish()),
                Case.of(
                        "huge body unread",
                        (exchange) -> exchange.send(post("/do?write=5", HUGE))
                                .body(HUGE)
                                .response()
                                .finish()),
                Case.of(
                        "huge body unread, the client closes",
                        (exchange) -> exchange.send(post("/do?write=5", HUGE, "Connection: close"))
                                .body(HUGE)
                                .response()
                                .finish()),
                Case.of(
                        "huge body unread, large response, the client closes",
                        (exchange) -> exchange.send(post("/do?write=100000", HUGE, "Connection: close"))
                                .body(HUGE)
                                .response()
                                .finish()),
                Case.of(
                        "large body unread, huge response to a slow reader, the client closes",
                        (exchange) -> exchange.send(post("/do?write=4000000", LARGE, "Connection: close"))
                                .body(LARGE)
                                .pause(300)
                                .response()
                                .finish()),
                Case.of(
                        "large chunks unread, huge response to a slow reader, the client closes",
                        (exchange) -> exchange.send(chunked("/do?write=4000000", "Connection: close") + "493e0\r\n")
                                .body(LARGE)
                                .send("\r\n0\r\n\r\n")
                                .pause(300)
                                .response()
                                .finish()),
                Case.of(
                        "unread body that comes late",
                        (exchange) -> exchange.send(post("/do?write=5", 5))
                                .response()
                                .pause(1300)
                                .send("hello")
                                .finish()),
                Case.of(
                        "unread body that never comes",
                        (exchange) -> exchange.send(post("/do?write=5", 5))
                                .response()
                                .patience(1800)
                                .end()),
                Case.of(
                        "unread body that never comes, the client closes",
                        (exchange) -> exchange.send(post("/do?write=5", 5, "Connection: close"))
                                .response()
                                .patience(1800)
                                .end()),
                Case.of(
                        "unread chunks that never come",
                        (exchange) -> exchange.send(chunked("/do?write=5"))
                                .response()
                                .patience(1800)
                                .end()),
                Case.of(
                        "huge body unread, huge response, the client closes",
                        (exchange) -> exchange.send(post("/do?write=3000000", HUGE, "Connection: close"))
                                .body(HUGE)
                                .response()
                                .finish()),
                Case.of(
                        "huge body refused, the client closes",
                        (exchange) -> exchange.send(post("/do?error=413", HUGE, "Connection: close"))
                                .body(HUGE)
                                .response()
                                .finish()),
                Case.of(
                        "huge body refused",
                        (exchange) -> exchange.send(post("/do?error=413", HUGE))
                                .body(HUGE)
                                .response()
                                .finish()),
                Case.of(
                        "body cut by the client",
                        (exchange) -> exchange.send(post("/do?read,write=5", 10) + "hello")
                                .halfClose()
                                .response()
                                .finish()),
                Case.of(
                        "unread body cut by the client",
                        (exchange) -> exchange.send(post("/do?write=5", 10) + "hello")
                                .halfClose()
                                .response()
                                .finish()),
                Case.of(
                        "chunks cut by the client",
                        (exchange) -> exchange.send(chunked("/do?read,write=5") + "5\r\nhel")
                                .halfClose()
                                .response()
                                .finish()),
                Case.of(
                        "body, the client resets",
                        (exchange) -> exchange.send(post("/do?read,write=5", 10) + "hello")
                                .pause(50)
                                .reset()),
                Case.of(
                        "response, the client resets",
                        (exchange) -> exchange.send(Requests.get("/do?write=5,flush,wait=100"))
                                .response()
                                .reset()),
                Case.of(
                        "Expect, body read",
                        (exchange) -> exchange.send(post("/do?read,write=5", 5, "Expect: 100-continue"))
                                .interim()
                                .send("hello")
                                .response()
                                .finish()),
                Case.of(
                        "Expect, body read later",
                        (exchange) -> exchange.send(post("/do?wait=50,read,write=5", 5, "Expect: 100-continue"))
                                .interim()
                                .pause(50)
                                .send("hello")
                                .response()
                                .finish()),
                Case.of(
                        "Expect, chunks read",
                        (exchange) -> exchange.send(chunked("/do?read,write=5", "Expect: 100-continue"))
                                .interim()
                                .send(CHUNKS)
                                .response()
                                .finish()),
                Case.once("Expect, refused", post("/do?error=413", 5, "Expect: 100-continue")),
                Case.once("Expect, body unread", post("/do?write=5", 5, "Expect: 100-continue")),
                Case.twice("Expect, body sent at once", post("/do?read,write=5", 5, "Expect: 100-continue") + "hello"),
                Case.once("unknown expectation", post("/do?read,write=5", 5, "Expect: wonders") + "hello"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static io.github.springdrain.embedded.matrix.Requests.get;
import static io.github.springdrain.embedded.matrix.Requests.get10;
import static io.github.springdrain.embedded.matrix.Requests.head;

import java.util.List;

/** Requests without a body, and every kind of response. */
final class ResponseCases {

    private ResponseCases() {}

    static List<Case> all() {
        return List.of(
                Case.once("GET", get("/do?write=5")),
                Case.once("GET, the client closes", get("/do?write=5", "Connection: close")),
                Case.once("GET, the application closes", get("/do?close,write=5")),
                Case.once("GET, the application closes and flushes", get("/do?close,write=5,flush,write=5")),
                Case.once("HTTP/1.0", get10("/do?write=5")),
                Case.once("HTTP/1.0, keep-alive", get10("/do?length=5,write=5", "Connection: keep-alive")),
                Case.once("HTTP/1.0, delimited by the end", get10("/do?write=5,flush,write=5")),
                Case.of(
                        "HEAD",
                        (exchange) -> exchange.send(head("HEAD /do?write=5 HTTP/1.1"))
                                .responseToHead()
                                .finish()),
                Case.of(
                        "HEAD, large",
                        (exchange) -> exchange.send(head("HEAD /do?length=300000,write=300000 HTTP/1.1"))
                                .responseToHead()
                                .finish()),
                Case.once("OPTIONS of the server", head("OPTIONS * HTTP/1.1")),
                Case.once("TRACE", head("TRACE /do?write=5 HTTP/1.1")),
                Case.once("CONNECT", head("CONNECT localhost:1 HTTP/1.1")),
                Case.once("absolute form", get("http://localhost/do?write=5")),
                Case.once("empty line in front", "\r\n" + get("/do?write=5")),
                Case.once("line feeds only", get("/do?write=5").replace("\r", "")),
                Case.of(
                        "head byte by byte",
                        (exchange) -> exchange.connect()
                                .sendSlowly(get("/do?write=5"))
                                .response()
                                .finish()),
                Case.of(
                        "head in two parts",
                        (exchange) -> exchange.send("GET /do?write=5 HTTP/1.1\r\nHo")
                                .pause(150)
                                .send("st: localhost\r\n\r\n")
                                .response()
                                .finish()),
                Case.of(
                        "half a head, the client ends",
                        (exchange) -> exchange.send("GET /do?write=5 HTTP/1.1\r\nHo")
                                .halfClose()
                                .response()
                                .finish()),
                Case.of(
                        "nothing, the client ends",
                        (exchange) -> exchange.connect().halfClose().end()),
                Case.of(
                        "the client ends its half",
                        (exchange) -> exchange.send(get("/do?wait=50,write=5"))
                                .halfClose()
                                .response()
                                .finish()),
                Case.of(
                        "pause between requests",
                        (exchange) -> exchange.send(get("/do?write=5"))
                                .response()
                                .pause(200)
                                .finish()),
                Case.of("120 requests one after the other", (exchange) -> {
                    Client client = exchange.connect();
                    for (int i = 0; i < 120; i++) {
                        client.send(get("/do?write=5")).response();
                    }
                    client.finish();
                }),
                Case.once("no content", get("/do?status=204")),
                Case.once("not modified", get("/do?status=304")),
                Case.once("no body", get("/do?status=200")),
                Case.once("redirect", get("/do?redirect")),
                Case.once("large, with its length", get("/do?length=1000000,write=1000000")),
                Case.once("large, in chunks", get("/do?write=1000000")),
                Case.once("large, the client closes", get("/do?write=1000000", "Connection: close")),
                Case.of(
                        "large, to a slow reader",
                        (exchange) -> exchange.send(get("/do?write=4000000", "Connection: close"))
                                .pause(300)
                                .response()
                                .finish()),
                Case.once("in parts", get("/do?write=5,flush,wait=30,write=5,flush,write=5")),
                Case.once("closed by the application before it returns", get("/do?write=5,shut,wait=30")),
                Case.once("trailers of the response", get("/do?trailer,write=5,flush,write=5", "TE: trailers")),
                Case.once("large header", get("/do?header=4000,write=5")),
                Case.once("too large a header", get("/do?header=40000,write=5")),
                Case.of(
                        "less than announced",
                        (exchange) -> exchange.send(get("/do?length=10,write=5"))
                                .patience(700)
                                .response()
                                .finish()),
                Case.once("more than announced", get("/do?length=5,write=10")),
                Case.once("compressed", get("/do?type=text-css,write=5000", "Accept-Encoding: gzip")),
                Case.once(
                        "compressed, the client closes",
                        get("/do?type=text-css,write=5000", "Accept-Encoding: gzip", "Connection: close")),
                Case.once("compressed, HTTP/1.0", get10("/do?type=text-css,write=5000", "Accept-Encoding: gzip")),
                Case.once(
                        "compressed, with its length",
                        get("/do?type=text-css,length=5000,write=5000", "Accept-Encoding: gzip")),
                Case.once("Spring MVC", get("/mvc/text")));
    }
}

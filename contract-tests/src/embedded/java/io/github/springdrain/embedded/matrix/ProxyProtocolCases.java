// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static io.github.springdrain.embedded.matrix.Requests.get;
import static io.github.springdrain.embedded.matrix.Requests.post;

import java.util.List;

/** Listeners behind a load balancer that names its client (PROXY protocol). */
final class ProxyProtocolCases {

    private static final String HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n";

    private static final String BINARY_HEADER =
            "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c\u00c0\0\u0002\u0001\u00c0\0\u0002\u0002\u0012g\u0001\u00bb";

    private ProxyProtocolCases() {}

    static List<Case> all() {
        return List.of(
                behind("PROXY: GET", HEADER, get("/mvc/peer")),
                behind("PROXY: version 2", BINARY_HEADER, get("/mvc/peer")),
                behind("PROXY: body read", HEADER, post("/do?read,write=5", 5) + "hello"),
                behind("PROXY: body unread", HEADER, post("/do?write=5", 5) + "hello"),
                behind(
                        "PROXY: body unread, the client closes",
                        HEADER,
                        post("/do?write=5", 5, "Connection: close") + "hello"),
                behind("PROXY: large", HEADER, get("/do?write=1000000")),
                behind("PROXY: file", HEADER, get("/file.bin")),
                behind("PROXY: unknown client", "PROXY UNKNOWN\r\n", get("/do?write=5")),
                behind("PROXY: broken header", "PROXY TCP4 nonsense\r\n", get("/do?write=5")),
                proxied(
                        "PROXY: no header",
                        (exchange) -> exchange.connectBehind(
                                        "", exchange.listener().isTls())
                                .send(get("/do?write=5"))
                                .response()
                                .end()),
                proxied(
                        "PROXY: clear text",
                        (exchange) -> exchange.connectBehind(HEADER, false)
                                .send(get("/do?write=5"))
                                .response()
                                .finish()),
                proxied(
                        "PROXY: clear text without a header",
                        (exchange) -> exchange.connectBehind("", false)
                                .send(get("/do?write=5"))
                                .response()
                                .end()),
                proxied(
                        "PROXY: header in two parts",
                        (exchange) -> exchange.connectBehind(HEADER.substring(0, 20), false)
                                .pause(50)
                                .send(HEADER.substring(20) + get("/do?write=5"))
                                .response()
                                .finish()));
    }

    private static Case behind(String name, String header, String request) {
        return proxied(
                name,
                (exchange) -> exchange.connectBehind(header, exchange.listener().isTls())
                        .send(request)
                        .response()
                        .finish());
    }

    private static Case proxied(String name, Case.Script script) {
        return Case.of(name, script).on(Listener::isProxied);
    }
}

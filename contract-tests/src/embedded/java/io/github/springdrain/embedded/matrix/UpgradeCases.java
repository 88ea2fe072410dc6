// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static io.github.springdrain.embedded.matrix.Requests.get;

import java.util.List;

/** Connections that switch to another protocol, WebSocket above all. */
final class UpgradeCases {

    private static final String[] WEB_SOCKET = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };

    private static final String HANDSHAKE = get("/socket", WEB_SOCKET);

    private static final int ECHO_BYTES = 7;

    private UpgradeCases() {}

    /** A frame with a mask of zeros. */
    private static String frame(int opcode, String payload) {
        return "" + (char) (0x80 | opcode) + (char) (0x80 | payload.length()) + "\0\0\0\0" + payload;
    }

    static List<Case> all() {
        return List.of(
                Case.of(
                        "WebSocket, closed by the client",
                        (exchange) -> exchange.send(HANDSHAKE)
                                .response()
                                .send(frame(1, "hello"))
                                .bytes(ECHO_BYTES)
                                .send(frame(8, "\u0003\u00e8"))
                                .bytes(4)
                                .end()),
                Case.of(
                        "WebSocket, closed by the server",
                        (exchange) -> exchange.send(HANDSHAKE)
                                .response()
                                .send(frame(1, "close"))
                                .bytes(4)
                                .send(frame(8, "\u0003\u00e8"))
                                .end()),
                Case.of(
                        "WebSocket, ping",
                        (exchange) -> exchange.send(HANDSHAKE)
                                .response()
                                .send(frame(9, "hello"))
                                .bytes(ECHO_BYTES)
                                .send(frame(8, "\u0003\u00e8"))
                                .bytes(4)
                                .end()),
                Case.of(
                        "WebSocket, message with the handshake",
                        (exchange) -> exchange.send(HANDSHAKE + frame(1, "hello"))
                                .response()
                                .bytes(ECHO_BYTES)
                                .send(frame(8, "\u0003\u00e8"))
                                .bytes(4)
                                .end()),
                Case.of(
                        "WebSocket, message in parts",
                        (exchange) -> exchange.send(HANDSHAKE)
                                .response()
                                .sendSlowly(frame(1, "hello"))
                                .bytes(ECHO_BYTES)
                                .send(frame(8, "\u0003\u00e8"))
                                .bytes(4)
                                .end()),
                Case.of(
                        "WebSocket, unmasked frame",
                        (exchange) -> exchange.send(HANDSHAKE)
                                .response()
                                .send("\u0081\u0005hello")
                                .bytes(2)
                                .end()),
                Case.of(
                        "WebSocket, the client ends without a word",
                        (exchange) ->
                                exchange.send(HANDSHAKE).response().halfClose().end()),
                Case.of(
                        "WebSocket, the client resets",
                        (exchange) -> exchange.send(HANDSHAKE).response().reset()),
                Case.once(
                        "WebSocket, handshake without a key",
                        get("/socket", WEB_SOCKET[0], WEB_SOCKET[1], WEB_SOCKET[2])),
                Case.once(
                        "WebSocket, unknown version",
                        get("/socket", WEB_SOCKET[0], WEB_SOCKET[1], "Sec-WebSocket-Version: 99", WEB_SOCKET[3])),
                Case.once("WebSocket, where there is none", get("/do?write=5", WEB_SOCKET)),
                Case.of(
                        "WebSocket behind a request",
                        (exchange) -> exchange.send(get("/do?write=5"))
                                .response()
                                .send(HANDSHAKE)
                                .response()
                                .send(frame(1, "hello"))
                                .bytes(ECHO_BYTES)
                                .send(frame(8, "\u0003\u00e8"))
                                .bytes(4)
                                .end()),
                // Jetty 12.0 refuses this part of the servlet API, and what 12.1 makes of it is a matter of chance.
                Case.of(
                                "protocol of the application",
                                (exchange) -> exchange.send(get("/upgrade", "Connection: Upgrade", "Upgrade: echo"))
                                        .response()
                                        .send("hello")
                                        .bytes(5)
                                        .halfClose()
                                        .end())
                        .on((listener) -> !listener.isProxied() && !ContainerSetUp.NAME.startsWith("Jetty")),
                Case.once("unknown protocol", get("/do?write=5", "Connection: Upgrade", "Upgrade: wonders")));
    }
}

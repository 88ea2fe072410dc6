// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One request on a connection of its own.
 *
 * @param kind what sort of client makes it
 * @param exchange how it is sent and its response read
 * @param due recognizes the response that is due
 */
record Request(ClientKind kind, Function<RawConnection, RawResponse> exchange, Predicate<RawResponse> due) {

    static final Request HELLO = new Request(
            ClientKind.ONE_SHOT,
            (connection) -> connection
                    .write("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .readResponse(),
            (response) -> isText(response, 200, "hello"));

    static final Request SLOW = new Request(
            ClientKind.SLOW,
            (connection) -> connection.request("GET", "/slow?ms=2000").readResponse(),
            (response) -> isText(response, 200, "slow 2000"));

    /** For containers whose event loops an application can block. */
    static final Request BLOCK = new Request(
            ClientKind.SLOW,
            (connection) -> connection.request("GET", "/block?ms=1500").readResponse(),
            (response) -> isText(response, 200, "block 1500"));

    private static final int PIECES = 20;

    private static final int PIECE_BYTES = 1000;

    static final Request UPLOAD = new Request(
            ClientKind.UPLOAD, Request::trickle, (response) -> isText(response, 200, "" + PIECES * PIECE_BYTES));

    /** More than a container swallows of a body that nobody reads. */
    private static final long UNREAD_BYTES = 8 * 1024 * 1024;

    private static final long REVEALED_BYTES = 600_000;

    static final Request REJECT = new Request(
            ClientKind.EARLY_RESPONSE,
            (connection) -> unread(connection, "/reject"),
            (response) -> isText(response, 413, "rejected"));

    static final Request REVEAL = new Request(
            ClientKind.EARLY_RESPONSE,
            (connection) -> unread(connection, "/reveal?bytes=" + REVEALED_BYTES),
            (response) -> response.status() == 200 && response.bodyLength() == REVEALED_BYTES);

    /** Makes the request once. */
    Attempt attempt(RawClient client) {
        RawResponse response = client.exchange(this.exchange);
        return new Attempt(this.kind, Result.of(response, this.due.test(response)), System.nanoTime());
    }

    private static boolean isText(RawResponse response, int status, String text) {
        return response.status() == status && response.text().equals(text);
    }

    private static RawResponse trickle(RawConnection connection) {
        connection.head("POST", "/upload", (long) PIECES * PIECE_BYTES);
        for (int piece = 0; piece < PIECES; piece++) {
            Moment.await(
                    System.nanoTime(),
                    Duration.ofMillis(ThreadLocalRandom.current().nextInt(60, 140)));
            connection.body(PIECE_BYTES);
        }
        return connection.readResponse();
    }

    private static RawResponse unread(RawConnection connection, String path) {
        return connection.head("POST", path, UNREAD_BYTES).body(UNREAD_BYTES).readResponse();
    }
}

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
 * @param exchange how it is sent and its answer read
 * @param due tells the answer that is due from every other
 */
record Request(ClientKind kind, Function<RawConnection, RawResponse> exchange, Predicate<RawResponse> due) {

    static final Request HELLO = new Request(
            ClientKind.ONE_SHOT,
            (connection) -> connection
                    .write("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .readAnswer(),
            (answer) -> isText(answer, 200, "hello"));

    static final Request SLOW = new Request(
            ClientKind.SLOW,
            (connection) -> connection.request("GET", "/slow?ms=2000").readAnswer(),
            (answer) -> isText(answer, 200, "slow 2000"));

    private static final int PIECES = 20;

    private static final int PIECE_BYTES = 1000;

    static final Request UPLOAD = new Request(
            ClientKind.UPLOAD, Request::trickle, (answer) -> isText(answer, 200, "" + PIECES * PIECE_BYTES));

    /** More than a container swallows of a body that nobody reads. */
    private static final long UNREAD_BYTES = 8 * 1024 * 1024;

    private static final long REVEALED_BYTES = 600_000;

    static final Request REJECT = new Request(
            ClientKind.EARLY_ANSWER,
            (connection) -> unread(connection, "/reject"),
            (answer) -> isText(answer, 413, "rejected"));

    static final Request REVEAL = new Request(
            ClientKind.EARLY_ANSWER,
            (connection) -> unread(connection, "/reveal?bytes=" + REVEALED_BYTES),
            (answer) -> answer.status() == 200 && answer.bodyLength() == REVEALED_BYTES);

    /** Makes the request once. */
    Attempt attempt(RawClient client) {
        RawResponse answer = client.exchange(this.exchange);
        return new Attempt(this.kind, Result.of(answer, this.due.test(answer)), System.nanoTime());
    }

    private static boolean isText(RawResponse answer, int status, String text) {
        return answer.status() == status && answer.text().equals(text);
    }

    private static RawResponse trickle(RawConnection connection) {
        connection.head("POST", "/upload", (long) PIECES * PIECE_BYTES);
        for (int piece = 0; piece < PIECES; piece++) {
            Moment.await(
                    System.nanoTime(),
                    Duration.ofMillis(ThreadLocalRandom.current().nextInt(60, 140)));
            connection.body(PIECE_BYTES);
        }
        return connection.readAnswer();
    }

    private static RawResponse unread(RawConnection connection, String path) {
        return connection.head("POST", path, UNREAD_BYTES).body(UNREAD_BYTES).readAnswer();
    }
}

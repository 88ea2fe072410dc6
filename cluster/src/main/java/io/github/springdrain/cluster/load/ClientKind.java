// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster.load;

import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** How a client behaves. None retries anything. */
public enum ClientKind {

    /** Opens a connection for one request. */
    NEW_CONNECTION("new connections", 4, false, Duration.ofMillis(80)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            return connection.request("GET", "/hello").readResponse();
        }
    },

    /** Keeps its connection, leaves it after {@code Connection: close}, and never sends on one that has ended. */
    KEPT_CONNECTION("kept connections", 6, true, Duration.ofMillis(80)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            return connection.request("GET", "/hello").readResponse();
        }
    },

    /** Sends a body piece by piece over half a second, on a connection for this one request. */
    UPLOAD("uploads", 3, false, Duration.ofMillis(100)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            return connection
                    .head("POST", "/upload", (long) PIECES * PIECE_BYTES)
                    .bodyInPieces(PIECES, PIECE_BYTES, PIECE_PAUSE)
                    .readResponse();
        }
    },

    /** Asks for responses that take up to two seconds, and keeps its connection. */
    SLOW("slow requests", 4, true, Duration.ofMillis(100)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            int millis = ThreadLocalRandom.current().nextInt(200, 2000);
            return connection.request("GET", "/slow?ms=" + millis).readResponse();
        }
    },

    /** Sends a body that the application does not read, all of it before it reads the response. */
    EARLY_REJECTION("early rejections", 1, false, Duration.ofMillis(500)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            return connection
                    .head("POST", "/reject", REJECTED_BYTES)
                    .body(REJECTED_BYTES)
                    .readResponse();
        }

        @Override
        boolean isServed(RawResponse response) {
            return response.status() == 413 && response.text().equals("rejected");
        }
    },

    /** Listens to a stream without end, leaves it after a while, and takes the server's own end of it for an end. */
    EVENTS("server-sent events", 2, false, Duration.ofMillis(200)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            return connection.request("GET", "/sse?ms=100").readResponse();
        }

        @Override
        Duration patience() {
            return LISTENING;
        }

        @Override
        boolean isServed(RawResponse response) {
            boolean ended = response.outcome() == Outcome.COMPLETE || response.outcome() == Outcome.TIMEOUT;
            return response.status() == 200 && response.bodyLength() > 0 && ended;
        }
    };

    private static final int PIECES = 10;

    private static final int PIECE_BYTES = 16 * 1024;

    private static final Duration PIECE_PAUSE = Duration.ofMillis(50);

    /** More than a server's defaults read of a body that nobody wants. */
    private static final int REJECTED_BYTES = 4 * 1024 * 1024;

    private static final Duration LISTENING = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String label;

    private final int clients;

    private final boolean keeping;

    private final Duration longestPause;

    ClientKind(String label, int clients, boolean keeping, Duration longestPause) {
        this.label = label;
        this.clients = clients;
        this.keeping = keeping;
        this.longestPause = longestPause;
    }

    /** What tables call it. */
    public String label() {
        return this.label;
    }

    /** How many there are in each pod. */
    int clients() {
        return this.clients;
    }

    /** Whether it sends its next request on the same connection. */
    boolean isKeeping() {
        return this.keeping;
    }

    /** How long it waits for a whole response. */
    Duration patience() {
        return PATIENCE;
    }

    /** Waits at random before its next request. */
    void pause() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(this.longestPause.toNanos()));
    }

    /** One request and its response. */
    abstract RawResponse exchange(RawConnection connection);

    /** Whether this is what a client hopes for. */
    boolean isServed(RawResponse response) {
        return response.outcome() == Outcome.COMPLETE && response.status() == 200;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** How a client behaves. None retries anything. */
enum ClientKind {

    /** Keeps its connection, leaves it after {@code Connection: close}, and never sends on one that has ended. */
    KEEP_ALIVE(6, true, Duration.ofMillis(40)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            return connection.request("GET", "/hello").readResponse();
        }
    },

    /** Opens a connection for one request. */
    ONE_SHOT(4, false, Duration.ofMillis(40)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            return connection.request("GET", "/hello").readResponse();
        }
    },

    /** Asks for responses that take up to two seconds, and keeps its connection. */
    SLOW(4, true, Duration.ofMillis(100)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            int millis = ThreadLocalRandom.current().nextInt(200, 2000);
            return connection.request("GET", "/slow?ms=" + millis).readResponse();
        }
    },

    /** Sends a body piece by piece over half a second, on a connection for this one request. */
    UPLOAD(3, false, Duration.ofMillis(100)) {

        @Override
        RawResponse exchange(RawConnection connection) {
            return connection
                    .head("POST", "/upload", (long) PIECES * PIECE_BYTES)
                    .bodyInPieces(PIECES, PIECE_BYTES, PIECE_PAUSE)
                    .readResponse();
        }
    };

    private static final int PIECES = 10;

    private static final int PIECE_BYTES = 16 * 1024;

    private static final Duration PIECE_PAUSE = Duration.ofMillis(50);

    private final int clients;

    private final boolean keeping;

    private final Duration longestPause;

    ClientKind(int clients, boolean keeping, Duration longestPause) {
        this.clients = clients;
        this.keeping = keeping;
        this.longestPause = longestPause;
    }

    /** How many there are. */
    int clients() {
        return this.clients;
    }

    /** Whether it sends its next request on the same connection. */
    boolean isKeeping() {
        return this.keeping;
    }

    /** Waits at random before its next request. */
    void pause() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(this.longestPause.toNanos()));
    }

    /** One request and its response. */
    abstract RawResponse exchange(RawConnection connection);
}

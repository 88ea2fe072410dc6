// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import io.github.springdrain.contract.KeptConnection;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;

/** How a client behaves. Each sends its next request as soon as it has the response to the last one. */
enum ClientKind {

    /** Opens a connection for each request. */
    NEW_CONNECTIONS("new connections", 8) {

        @Override
        RawResponse exchange(RawClient client, KeptConnection kept) {
            return client.get("/hello");
        }

        @Override
        boolean isExpected(RawResponse response) {
            return isText(response, 200, "hello");
        }
    },

    /** Keeps its connection until a response advertises the close. */
    KEPT_CONNECTIONS("kept connections", 8) {

        @Override
        RawResponse exchange(RawClient client, KeptConnection kept) {
            return kept.exchange(
                    (connection) -> connection.request("GET", "/hello").readResponse());
        }

        @Override
        boolean isExpected(RawResponse response) {
            return isText(response, 200, "hello");
        }
    },

    /** Sends a body that the application reads. */
    UPLOADS("uploads", 2) {

        @Override
        RawResponse exchange(RawClient client, KeptConnection kept) {
            return client.exchange((connection) -> post(connection, "/upload", UPLOAD_BYTES));
        }

        @Override
        boolean isExpected(RawResponse response) {
            return isText(response, 200, Integer.toString(UPLOAD_BYTES));
        }
    },

    /** Sends a body that the application does not read, all of it before it reads the response. */
    EARLY_REJECTIONS("early rejections", 2) {

        @Override
        RawResponse exchange(RawClient client, KeptConnection kept) {
            return client.exchange((connection) -> post(connection, "/reject", REJECTED_BYTES));
        }

        @Override
        boolean isExpected(RawResponse response) {
            return isText(response, 413, "rejected");
        }
    };

    private static final int UPLOAD_BYTES = 64 * 1024;

    /** More than the buffers of a socket hold, and more than a container reads by itself. */
    private static final int REJECTED_BYTES = 4 * 1024 * 1024;

    private final String label;

    private final int clients;

    ClientKind(String label, int clients) {
        this.label = label;
        this.clients = clients;
    }

    /** What tables call it. */
    String label() {
        return this.label;
    }

    /** How many of them act at the same time. */
    int clients() {
        return this.clients;
    }

    /** One exchange; that there is no connection is a response too. */
    abstract RawResponse exchange(RawClient client, KeptConnection kept);

    /** Whether a whole response is the one that the sample gives. */
    abstract boolean isExpected(RawResponse response);

    /** How one exchange ended; a whole response that is not the expected one cannot be used by a client either. */
    final Outcome outcome(RawResponse response) {
        boolean wrong = response.outcome() == Outcome.COMPLETE && !isExpected(response);
        return wrong ? Outcome.GARBLED : response.outcome();
    }

    private static RawResponse post(RawConnection connection, String path, int bytes) {
        return connection
                .head("POST", path, bytes, "Connection: close")
                .body(bytes)
                .readResponse();
    }

    private static boolean isText(RawResponse response, int status, String text) {
        return response.status() == status && response.text().equals(text);
    }
}

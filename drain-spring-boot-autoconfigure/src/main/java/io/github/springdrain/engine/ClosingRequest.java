// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.RequestSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The request whose thread closes the application, as that of a controller that calls {@code context.close()}. It cannot
 * end before the drain does: it is neither waited for nor aborted. Thread-safe.
 */
public final class ClosingRequest {

    private volatile @Nullable Thread thread;

    private volatile @Nullable String remote;

    private volatile boolean found;

    ClosingRequest() {}

    /**
     * Sets which thread waits for the drain in order to close the application.
     *
     * @param ofRequest the client whose request it serves, where it is no thread of the server and that is known
     */
    public void closesOn(Thread closing, @Nullable String ofRequest) {
        this.remote = ofRequest;
        this.thread = closing;
    }

    /** The thread that closes the application; {@code null} before. */
    public @Nullable Thread thread() {
        return this.thread;
    }

    /** Whether the thread has been found to serve a request that a drain waits for otherwise. */
    public boolean isFound() {
        return this.found;
    }

    /** Whether it is this request of this connection. */
    boolean is(ConnectionSnapshot connection, RequestSnapshot request) {
        Thread closing = this.thread;
        boolean same = closing != null && (isOn(closing, request) || isOnlyRequestOfClient(connection, request));
        if (same) {
            this.found = true;
        }
        return same;
    }

    private static boolean isOn(Thread closing, RequestSnapshot request) {
        String name = request.thread();
        return name != null && !name.isEmpty() && name.equals(closing.getName());
    }

    /** Of several streams it is not known which one the thread serves; the others end, and leave this one. */
    private boolean isOnlyRequestOfClient(ConnectionSnapshot connection, RequestSnapshot request) {
        return request.thread() == null
                && connection.requests().size() == 1
                && connection.remote().equals(this.remote);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainTrigger;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The drain for operators: where it stands, start it, take it back. Read-only unless
 * {@code management.endpoint.drain.access} says otherwise. Returns plain values and never a future, which
 * JMX could not show.
 */
@Endpoint(id = "drain", defaultAccess = Access.READ_ONLY)
public final class DrainEndpoint {

    private final Drain drain;

    /** Creates the endpoint of one drain. */
    public DrainEndpoint(Drain drain) {
        this.drain = drain;
    }

    /** Where the drain stands. Changes nothing. */
    @ReadOperation
    public DrainDescriptor status() {
        return DrainDescriptor.of(this.drain.status());
    }

    /**
     * Starts the drain, or joins the one under way. Returns at once.
     *
     * @throws IllegalStateException if there is no server to drain
     */
    @WriteOperation
    public DrainDescriptor start() {
        startOrJoin(DrainTrigger.ENDPOINT);
        return status();
    }

    /**
     * Takes the drain back.
     *
     * @throws IllegalStateException if there is none, or it has gone too far
     */
    @DeleteOperation
    public DrainDescriptor resume() {
        this.drain.resume();
        return status();
    }

    /** Starts or joins, and returns when no client waits for a response any longer; never later than the deadline allows. */
    DrainDescriptor startAndWait(DrainTrigger trigger) {
        DrainHandle drain = startOrJoin(trigger);
        try {
            drain.awaitResponsesStarted();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        return status();
    }

    private DrainHandle startOrJoin(DrainTrigger trigger) {
        if (!this.drain.isServing()) {
            throw new IllegalStateException(
                    "There is no server to drain: none has started, or the drain does not support its container yet");
        }
        return this.drain.start(trigger);
    }
}

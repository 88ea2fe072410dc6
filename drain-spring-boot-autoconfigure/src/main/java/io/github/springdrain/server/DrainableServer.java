// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ListenerStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * An embedded server that can leave service step by step. One verb for each step; the drain calls them in order, from
 * one thread at a time, and goes on without one that does not return in time. {@link #listeners()}, {@link #connections()}, {@link #lingering()} and {@link #totals()} may be
 * called by any thread at any time.
 *
 * <p>An implementation must cost nothing on the request path until {@link #announce(double)} is called, must return
 * within the bounds it is given, and must not throw where it can step back instead: what it throws is logged, the
 * drain goes on with the next step, and what it could not find out counts as unfinished.
 */
public interface DrainableServer {

    /** The server of an application that has started none. */
    DrainableServer NONE = undrained("none", () -> false);

    /**
     * Stands for a server that the library does not drain, or for none, so that everything else is.
     *
     * @param running whether the application is in service
     */
    static DrainableServer undrained(String name, BooleanSupplier running) {
        return new NoServer(name, running);
    }

    /** The container's name, such as {@code Tomcat}. */
    String name();

    /** Whether the library drains it. */
    default boolean isDrained() {
        return true;
    }

    /** Whether the server has started and not been stopped; there is nothing to drain otherwise. */
    boolean isServing();

    /** Every listener, open or closed. */
    List<ListenerStatus> listeners();

    /**
     * Notifies clients that their connections end, on requests in service too, while everything is still served. Called
     * again and again as the drain goes on; must reach what a call before has missed.
     *
     * @param closeShare the share of HTTP/1.1 responses that carry {@code Connection: close}, from 0 to 1
     */
    void announce(double closeShare);

    /** Undoes the announcement. Called only between {@link #announce(double)} and {@link #emptyAcceptQueue}. */
    void resume();

    /**
     * Refuses new handshakes on every listener where that is possible, lets those under way complete and the acceptor
     * take everything the kernel holds. There is no way back.
     *
     * @param settings the limits of this step
     * @param remaining what is left of the whole drain; the step must end within it
     */
    AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining);

    /**
     * Closes every listener and drops nothing that was accepted; new clients are refused from then on, unless another listener has the address. Called again if it
     * has thrown, and from a thread of its own.
     *
     * @param remaining the time this step may take
     */
    void closeListeners(Duration remaining);

    /** Scans the open connections. Lingering ones are only counted, in {@link #lingering()}. */
    List<ConnectionSnapshot> connections();

    /**
     * Closes what has no request, each kind after its own limit, with FIN and never with RST. A connection on which a
     * request has already arrived must be served instead. Called again and again while the drain finishes.
     */
    void closeIdle(IdleLimits limits);

    /** How many connections are half-closed and being read to their end; one read, not a scan. */
    int lingering();

    /** What the server has done so far; may cost a scan. */
    ServerTotals totals();

    /**
     * Ends every connection that is left, at once.
     *
     * @param spare connections that are about to end by themselves and must be left alone
     */
    void abort(Predicate<ConnectionSnapshot> spare);
}

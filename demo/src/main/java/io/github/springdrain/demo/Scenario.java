// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import io.github.springdrain.contract.Backlog;
import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.SampleProcess;
import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A server at its connection limit gets SIGTERM: clients of every kind keep it busy, a burst of slow requests takes its
 * last connections, what comes after waits in the kernel's accept queue, and then SIGTERM arrives.
 *
 * @param variant the sample to run
 * @param progress what is printed while it plays
 */
record Scenario(Variant variant, Progress progress) {

    /** Some of the slow requests find no room either, so that none that ends early lets the accept queue drain. */
    private static final int CONNECTION_LIMIT = Load.KEEP_ALIVE_CLIENTS + Load.UPLOADERS + Load.SLOW_CLIENTS - 8;

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    /** Fits in the shortest accept queue among the containers, which is 50. */
    private static final int QUEUED_AT_SIGNAL = 30;

    /** A queue that is as long for all this time is no moment's weakness of a busy machine. */
    private static final Duration QUEUE_STANDS = Duration.ofMillis(150);

    private static final Duration QUEUE_LIMIT = Duration.ofSeconds(6);

    private static final Duration EXIT_LIMIT = Duration.ofSeconds(45);

    /** Plays it once, with the drain on or off. */
    DemoRun play(boolean drain) {
        List<String> arguments = new ArrayList<>(this.variant.connectionLimit(CONNECTION_LIMIT));
        arguments.add("--server.drain.enabled=" + drain);
        this.progress.say("Drain %s: starting %s".formatted(drain ? "on" : "off", this.variant.id()));
        try (SampleProcess server =
                        SampleProcess.of(this.variant).with(arguments).start();
                Load load = new Load(server.client())) {
            long began = System.nanoTime();
            int queued = bringToItsLimit(server, load);
            long signal = server.terminate();
            this.progress.say("SIGTERM with %d connections in the accept queue; the load goes on".formatted(queued));
            ChildProcess.Exit exit = server.awaitExit(EXIT_LIMIT);
            this.progress.say("The process ended %d ms after SIGTERM"
                    .formatted(exit.since(signal).toMillis()));
            List<Attempt> attempts = load.end();
            return new DemoRun(
                    drain,
                    arguments,
                    began,
                    signal,
                    queued,
                    exit,
                    attempts,
                    server.output().lines());
        }
    }

    private int bringToItsLimit(SampleProcess server, Load load) {
        this.progress.say(Load.description() + ", to port " + server.port());
        load.begin();
        Moment.await(System.nanoTime(), WARM_UP);
        if (this.variant.container().isHeldByARequest()) {
            this.progress.say("A request blocks the only event loop, which also accepts connections");
            load.hold();
            return awaitStandingQueue(server.port());
        }
        this.progress.say(Load.SLOW_CLIENTS + " slow requests take the last of " + CONNECTION_LIMIT + " connections");
        load.burst();
        return awaitStandingQueue(server.port());
    }

    private static int awaitStandingQueue(int port) {
        long began = System.nanoTime();
        long since = began;
        long now = began;
        int queued = 0;
        while (now - since < QUEUE_STANDS.toNanos() && now - began < QUEUE_LIMIT.toNanos()) {
            Moment.await(now, Duration.ofMillis(5));
            queued = Backlog.length(port);
            now = System.nanoTime();
            since = (queued < QUEUED_AT_SIGNAL) ? now : since;
        }
        return queued;
    }
}

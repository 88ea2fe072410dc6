// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A port that one process hands over to another, and clients that are under way while it does, over a {@link DelayedLink}
 * where there can be one and over loopback where not. For one thread.
 */
public final class SharedPort implements AutoCloseable {

    /** Clients that open a connection for each request. */
    public static final int NEW_CLIENTS = 100;

    /** Clients that keep their connection. */
    public static final int KEPT_CLIENTS = 8;

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(80);

    private static final int LINK_PORT = 8080;

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Pattern UNDER_WAY = Pattern.compile("(\\d+) connections? accepted while draining");

    private final @Nullable DelayedLink link;

    private final int port;

    private final RemoteLoad load;

    private @Nullable Holder holder;

    private SharedPort(@Nullable DelayedLink link, int port, Transport transport) {
        this.link = link;
        this.port = port;
        this.load = RemoteLoad.of(
                (link != null) ? link.onClientSide() : List.of(),
                (link != null) ? DelayedLink.SERVER_ADDRESS : "127.0.0.1",
                port,
                transport,
                NEW_CLIENTS,
                KEPT_CLIENTS,
                LONGEST_PAUSE);
    }

    /** One whose clients reach it over a link with so much delay each way; there has to be one. */
    public static SharedPort over(Duration oneWay, Transport transport) {
        DelayedLink link = DelayedLink.open(oneWay);
        try {
            return new SharedPort(link, LINK_PORT, transport);
        } catch (RuntimeException ex) {
            link.close();
            throw ex;
        }
    }

    /** One on the machine's own loopback interface, where much less is under way. */
    public static SharedPort onLoopback(Transport transport) {
        return new SharedPort(null, Ports.free(), transport);
    }

    /** What goes before the command of a process that serves it. */
    public List<String> prefix() {
        return (this.link != null) ? this.link.onServerSide() : List.of();
    }

    /** Its number. */
    public int number() {
        return this.port;
    }

    /** Lets a process be the first to serve it. */
    public void serveBy(Holder first) {
        if (this.holder != null) {
            throw new IllegalStateException("Another process serves port " + this.port);
        }
        this.holder = first;
    }

    /**
     * Has the process that serves the port end under load, and the {@code next} one take over, which is there already;
     * returns what came of it.
     */
    public HandOver handOverTo(Holder next) {
        Holder leaving = this.holder;
        if (leaving == null) {
            next.close();
            throw new IllegalStateException("Nobody serves port " + this.port);
        }
        this.holder = next;
        try (leaving) {
            ListenDrops drops = listenDrops();
            this.load.begin();
            this.load.awaitServed(NEW_CLIENTS, LIMIT);
            long signal = leaving.terminate();
            ChildProcess.Exit exit = leaving.awaitExit(LIMIT);
            this.load.awaitServed(this.load.tally().count(Outcome.COMPLETE) + NEW_CLIENTS, LIMIT);
            LoadTally tally = this.load.end();
            return new HandOver(1, tally, listenDrops().minus(drops), underWay(leaving.output()), exit.since(signal));
        }
    }

    @Override
    public void close() {
        if (this.holder != null) {
            this.holder.close();
            this.holder = null;
        }
        this.load.close();
        if (this.link != null) {
            this.link.close();
        }
    }

    private ListenDrops listenDrops() {
        return (this.link != null) ? this.link.listenDrops() : ListenDrops.in(readNetstat());
    }

    private static List<String> readNetstat() {
        try {
            return Files.readAllLines(Path.of("/proc/net/netstat"));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static long underWay(ProcessOutput output) {
        Matcher matcher = UNDER_WAY.matcher(output.text());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** A process that serves a port. */
    public interface Holder extends AutoCloseable {

        /** Sends SIGTERM and returns the {@link System#nanoTime()} of it. */
        long terminate();

        /**
         * Waits for the end.
         *
         * @throws AssertionError if it has not ended after {@code limit}
         */
        ChildProcess.Exit awaitExit(Duration limit);

        /** What it logs. */
        ProcessOutput output();

        @Override
        void close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A {@link MixedLoad} in a process of its own, which may live in another network namespace. For one thread. */
public final class RemoteLoad implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Duration END_LIMIT = Duration.ofMinutes(3);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

    private final ChildProcess process;

    private RemoteLoad(ChildProcess process) {
        this.process = process;
    }

    /**
     * Starts the process, which begins with nothing yet.
     *
     * @param prefix what goes before its command
     * @param newClients clients that open a connection for each request
     * @param keptClients clients that keep theirs
     */
    public static RemoteLoad of(
            List<String> prefix,
            String host,
            int port,
            Transport transport,
            int newClients,
            int keptClients,
            Duration longestPause) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(ClassPath.javaOfTests());
        command.addAll(List.of(
                LoadMain.class.getName(),
                host,
                Integer.toString(port),
                transport.name(),
                Integer.toString(newClients),
                Integer.toString(keptClients),
                Long.toString(longestPause.toMillis())));
        return new RemoteLoad(ChildProcess.start("load", command));
    }

    /** Lets all clients go. */
    public void begin() {
        ask("begin", LIMIT);
    }

    /** What came of it since it began. */
    public LoadTally tally() {
        return LoadTally.parse(ask("tally", LIMIT));
    }

    /** Ends it when every exchange under way is over, and returns what came of all of them. */
    public LoadTally end() {
        return LoadTally.parse(ask("end", END_LIMIT));
    }

    /** Waits until there are so many whole responses since it began. */
    public void awaitServed(long responses, Duration limit) {
        long start = System.nanoTime();
        while (tally().count(Outcome.COMPLETE) < responses) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("Not %d responses after %s: %s".formatted(responses, limit, tally().format()));
            }
            Moment.await(System.nanoTime(), POLL_INTERVAL);
        }
    }

    private String ask(String command, Duration limit) {
        int mark = this.process.output().mark();
        this.process.send(command);
        Predicate<String> response = (line) -> line.startsWith(LoadMain.PREFIX);
        return this.process.output().await(mark, response, limit).text().substring(LoadMain.PREFIX.length());
    }

    @Override
    public void close() {
        this.process.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A storm from another process, which may live in another network namespace. Used by one thread. */
public final class RemoteStorm implements Storm {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final ChildProcess process;

    private RemoteStorm(ChildProcess process) {
        this.process = process;
    }

    /**
     * Starts the process with {@code prefix} before its command; its {@code threads} clients dial {@code host} and
     * pause at random up to {@code longestPause} between two requests.
     */
    public static RemoteStorm start(List<String> prefix, String host, int port, int threads, Duration longestPause) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(ClassPath.java(StormMain.class));
        command.addAll(List.of(
                host, Integer.toString(port), Integer.toString(threads), Long.toString(longestPause.toMillis())));
        return new RemoteStorm(ChildProcess.start("storm", command));
    }

    @Override
    public void begin() {
        ask("begin");
    }

    @Override
    public StormTally tally() {
        return StormTally.parse(ask("tally"));
    }

    @Override
    public StormTally end() {
        return StormTally.parse(ask("end"));
    }

    /** The time of one connect. */
    public Duration roundTrip() {
        return Duration.ofMillis(Long.parseLong(ask("rtt")));
    }

    @Override
    public void close() {
        this.process.close();
    }

    private String ask(String command) {
        int mark = this.process.output().mark();
        this.process.send(command);
        return this.process
                .output()
                .await(mark, (line) -> line.startsWith(StormMain.PREFIX), LIMIT)
                .text()
                .substring(StormMain.PREFIX.length());
    }
}

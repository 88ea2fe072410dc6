// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import io.github.springdrain.contract.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Steady load from the clients' namespace. Used by one thread; killed when closed. */
final class Load implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Duration POLL = Duration.ofMillis(100);

    private final ChildProcess process;

    private Load(ChildProcess process) {
        this.process = process;
    }

    /** Starts it, and waits until some requests of each kind of client have been served. */
    static Load start(Network network, DataPath path) {
        List<String> command = new ArrayList<>(ClassPath.java(LoadMain.class, RawClient.class));
        command.addAll(List.of(path.host(), Integer.toString(path.port())));
        Load load = new Load(ChildProcess.start("load", network.clients().inside(command)));
        try {
            Poll.until("every kind of client is served", LIMIT, POLL, load::isServed);
            return load;
        } catch (RuntimeException ex) {
            load.close();
            throw ex;
        }
    }

    /** Waits until the requests are over that are under way now, and returns what all so far came to. */
    LoadTally settle() {
        return ask("settle");
    }

    /** Ends the clients after the requests under way, and returns what all of them came to. */
    LoadTally end() {
        return ask("end");
    }

    @Override
    public void close() {
        this.process.close();
    }

    private boolean isServed() {
        LoadTally tally = ask("tally");
        return List.of(ClientKind.values()).stream()
                .allMatch((kind) -> tally.counts().getOrDefault(kind + ":" + LoadTally.SERVED, 0L) > kind.clients());
    }

    private LoadTally ask(String command) {
        int mark = this.process.output().mark();
        this.process.send(command);
        return LoadTally.parse(this.process
                .output()
                .await(mark, (line) -> line.startsWith(LoadMain.PREFIX), LIMIT)
                .text()
                .substring(LoadMain.PREFIX.length()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network namespace of this run. Removed, with every process in it, when closed and when this JVM ends; those of a
 * run that was killed are removed by the next one, which knows them by the process id in their names. Thread-safe.
 */
final class Namespace implements AutoCloseable {

    private static final String PREFIX = "drain-k8s-";

    private static final Pattern NAME = Pattern.compile("^" + PREFIX + "(\\d+)-\\S+", Pattern.MULTILINE);

    private static final Set<Namespace> open = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> List.copyOf(open).forEach(Namespace::close), "kubernetes-namespaces-removal"));
    }

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** Makes one; {@code label} distinguishes it from the others of this run. */
    static Namespace create(String label) {
        Namespace namespace = new Namespace(PREFIX + ProcessHandle.current().pid() + "-" + label);
        Command.require("ip", "netns", "add", namespace.name);
        open.add(namespace);
        namespace.ip("link", "set", "lo", "up");
        return namespace;
    }

    /** Why there can be none on this machine; empty when there can. */
    static Optional<String> missing() {
        String probe = PREFIX + ProcessHandle.current().pid() + "-probe";
        if (Command.run("ip", "netns", "add", probe).code() != 0) {
            return Optional.of("'ip netns add' fails: root and iproute2 are needed");
        }
        Command.run("ip", "netns", "del", probe);
        return Optional.empty();
    }

    /** Removes what runs that no longer live have left. */
    static void removeStale() {
        Matcher matcher = NAME.matcher(Command.run("ip", "netns", "list").output());
        while (matcher.find()) {
            boolean lives = ProcessHandle.of(Long.parseLong(matcher.group(1)))
                    .filter(ProcessHandle::isAlive)
                    .isPresent();
            if (!lives) {
                new Namespace(matcher.group()).close();
            }
        }
    }

    /** The name that {@code ip} knows it by. */
    String name() {
        return this.name;
    }

    /** The command that runs {@code command} inside. */
    List<String> inside(List<String> command) {
        List<String> result = new ArrayList<>(List.of("ip", "netns", "exec", this.name));
        result.addAll(command);
        return result;
    }

    /** Runs {@code ip} on the devices, addresses and routes inside. */
    void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", this.name));
        command.addAll(List.of(arguments));
        Command.require(command, "");
    }

    @Override
    public void close() {
        Command.run("ip", "netns", "pids", this.name)
                .output()
                .lines()
                .filter((line) -> line.matches("\\d+"))
                .forEach((pid) -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
        Command.run("ip", "netns", "del", this.name);
        open.remove(this);
    }
}

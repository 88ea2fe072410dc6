// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import com.sun.jna.Native;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two network namespaces joined by a {@link DelayLine}, with names of their own for each run; removed when closed and
 * when this JVM ends. Needs root and {@code ip}.
 */
public final class DelayedLink implements AutoCloseable {

    /** The server's address, in its namespace and as the clients see it. */
    public static final String SERVER_ADDRESS = "192.0.2.1";

    private static final String CLIENT_ADDRESS = "192.0.2.2";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String id = "%06x".formatted(ProcessHandle.current().pid() & 0xFFFFFF);

    private final String serverSide = "drain-s" + this.id;

    private final String clientSide = "drain-c" + this.id;

    private @Nullable ChildProcess line;

    private final Thread hook = new Thread(this::removeNamespaces, "delayed-link-removal");

    private DelayedLink() {}

    /** Why there can be no such link on this machine; empty when there can. */
    public static Optional<String> missing() {
        if (!Files.isWritable(Path.of("/dev/net/tun"))) {
            return Optional.of("/dev/net/tun is missing or may not be opened");
        }
        String probe = "drain-p%06x".formatted(ProcessHandle.current().pid() & 0xFFFFFF);
        if (Command.run("ip", "netns", "add", probe).code() != 0) {
            return Optional.of("'ip netns add' fails: root and iproute2 are needed");
        }
        Command.run("ip", "netns", "del", probe);
        return Optional.empty();
    }

    /** Makes the link. */
    public static DelayedLink open(Duration oneWay) {
        DelayedLink link = new DelayedLink();
        try {
            link.build(oneWay);
            return link;
        } catch (AssertionError | RuntimeException ex) {
            link.close();
            throw ex;
        }
    }

    /** What goes before the command of a process that shall live on the server's side. */
    public List<String> onServerSide() {
        return List.of("ip", "netns", "exec", this.serverSide);
    }

    /** What the kernel has dropped at listeners on the server's side. */
    ListenDrops listenDrops() {
        List<String> command = new ArrayList<>(onServerSide());
        command.addAll(List.of("cat", "/proc/net/netstat"));
        return ListenDrops.in(Command.require(command, "").lines().toList());
    }

    /** What goes before the command of a process that shall live on the clients' side. */
    public List<String> onClientSide() {
        return List.of("ip", "netns", "exec", this.clientSide);
    }

    @Override
    public void close() {
        if (this.line != null) {
            this.line.close();
        }
        removeNamespaces();
        Runtime.getRuntime().removeShutdownHook(this.hook);
    }

    private void build(Duration oneWay) {
        Runtime.getRuntime().addShutdownHook(this.hook);
        Command.require("ip", "netns", "add", this.serverSide);
        Command.require("ip", "netns", "add", this.clientSide);
        List<String> command = new ArrayList<>(ClassPath.java(DelayLine.class, Native.class));
        command.addAll(List.of("dls" + this.id, "dlc" + this.id, Long.toString(oneWay.toMillis())));
        ChildProcess started = ChildProcess.start("delay-line", command);
        this.line = started;
        started.output().await(DelayLine.READY::equals, LIMIT);
        plugIn("dls" + this.id, this.serverSide, SERVER_ADDRESS, CLIENT_ADDRESS);
        plugIn("dlc" + this.id, this.clientSide, CLIENT_ADDRESS, SERVER_ADDRESS);
    }

    private static void plugIn(String device, String namespace, String address, String peer) {
        Command.require("ip", "link", "set", device, "netns", namespace);
        Command.require("ip", "-n", namespace, "addr", "add", address, "peer", peer, "dev", device);
        Command.require("ip", "-n", namespace, "link", "set", device, "up");
        Command.require("ip", "-n", namespace, "link", "set", "lo", "up");
    }

    private void removeNamespaces() {
        Command.run("ip", "netns", "del", this.serverSide);
        Command.run("ip", "netns", "del", this.clientSide);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A process that holds a listening socket of 127.0.0.1 and starts others that have it as their standard input, as systemd
 * does. It ends with its input; those that it has started are killed when it is closed and when this JVM ends. For one
 * thread.
 */
public final class SocketHolder implements AutoCloseable {

    private static final int AF_INET = 2;

    private static final int SOCK_STREAM = 1;

    private static final int BACKLOG = 1024;

    /** Beyond those that the JVM has, and one that every shell takes in a redirection. */
    private static final int DESCRIPTOR = 9;

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private static final String READY = "@holder listens";

    /** Reads commands, each behind a word to call it by; says what process it has become and how that has ended. */
    private static final String SCRIPT = """
            exec 8>&1
            launch='echo "@$0 pid $$" >&8; exec "$@" 8>&- 9<&-'
            echo "@holder listens"
            while read -r id command; do
              ( eval "sh -c '$launch' $id $command" <&9 2>&1; echo "@$id exit $?" ) &
            done
            """;

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ChildProcess holder;

    private final int port;

    private final List<Server> servers = new CopyOnWriteArrayList<>();

    private final Thread hook = new Thread(() -> this.servers.forEach(Server::kill), "socket-holder-end");

    private SocketHolder(ChildProcess holder, int port) {
        this.holder = holder;
        this.port = port;
    }

    /** Starts the process. */
    public static SocketHolder open() {
        int port = Ports.free();
        List<String> command = new ArrayList<>(ClassPath.java(SocketHolder.class, Native.class));
        command.add(Integer.toString(port));
        SocketHolder opened = new SocketHolder(ChildProcess.start("socket-holder", command), port);
        Runtime.getRuntime().addShutdownHook(opened.hook);
        opened.holder.output().await(READY::equals, LIMIT);
        return opened;
    }

    /** Takes the port; becomes a shell once it listens. */
    public static void main(String[] arguments) {
        Native.register(SocketHolder.class, "c");
        int socket = socket(AF_INET, SOCK_STREAM, 0);
        ByteBuffer address = ByteBuffer.allocate(16);
        address.order(ByteOrder.nativeOrder()).putShort((short) AF_INET);
        address.order(ByteOrder.BIG_ENDIAN).putShort((short) Integer.parseInt(arguments[0]));
        address.put(LOOPBACK);
        bind(socket, address.array(), address.capacity());
        listen(socket, BACKLOG);
        dup2(socket, DESCRIPTOR);
        execv("/bin/sh", new StringArray(new String[] {"/bin/sh", "-c", SCRIPT}));
    }

    /** The port of the socket. */
    public int port() {
        return this.port;
    }

    /** A client of whoever serves the socket. */
    public RawClient client() {
        return RawClient.plain("127.0.0.1", this.port);
    }

    /** Starts a sample that serves the socket, and waits until it has started. */
    public Server start(SampleProcess.Builder sample) {
        String id = "server-" + (this.servers.size() + 1);
        String command = sample.command(this.port).stream()
                .map((argument) -> "'" + argument.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        this.holder.send(id + " " + command);
        String started = await((line) -> line.startsWith("@" + id + " pid "));
        Server server = new Server(id, Long.parseLong(started.substring(started.lastIndexOf(' ') + 1)));
        this.servers.add(server);
        await((line) -> server.isItsOwn(line) && SampleProcess.isStarted(line));
        return server;
    }

    private String await(Predicate<String> wanted) {
        return this.holder.output().await(wanted, LIMIT).text();
    }

    @Override
    public void close() {
        this.servers.forEach(Server::kill);
        this.holder.close();
        Runtime.getRuntime().removeShutdownHook(this.hook);
    }

    private static native int socket(int domain, int type, int protocol) throws LastErrorException;

    private static native int bind(int socket, byte[] address, int length) throws LastErrorException;

    private static native int listen(int socket, int backlog) throws LastErrorException;

    private static native int dup2(int from, int to) throws LastErrorException;

    private static native int execv(String path, Pointer arguments) throws LastErrorException;

    /** A process that serves the socket. */
    public final class Server {

        private final String id;

        private final long pid;

        /** Spring Boot writes the process into each line. */
        private final Pattern own;

        private Server(String id, long pid) {
            this.id = id;
            this.pid = pid;
            this.own = Pattern.compile("\\b" + pid + " ---");
        }

        /** Sends SIGTERM. */
        public void terminate() {
            ProcessHandle.of(this.pid).ifPresent(ProcessHandle::destroy);
        }

        /** Waits for its end and returns its exit code. */
        public int awaitExit() {
            String ended = await((line) -> line.startsWith("@" + this.id + " exit "));
            return Integer.parseInt(ended.substring(ended.lastIndexOf(' ') + 1));
        }

        /** What it has written to its standard output. */
        public String output() {
            return String.join("\n", SocketHolder.this.holder.output().lines(this::isItsOwn));
        }

        private boolean isItsOwn(String line) {
            return this.own.matcher(line).find();
        }

        private void kill() {
            ProcessHandle.of(this.pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}

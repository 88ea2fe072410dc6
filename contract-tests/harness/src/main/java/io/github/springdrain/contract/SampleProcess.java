// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running sample application in a process of its own. Thread-safe; killed when closed. */
public final class SampleProcess implements SharedPort.Holder {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    /** Spring Boot's own line; containers and connectors start before, and say so in similar words. */
    private static final Pattern STARTED = Pattern.compile("Started \\S+ in [\\d.,]+ seconds");

    private static final Pattern STARTED_ON = Pattern.compile("started on ports? (\\d+)");

    private final ChildProcess process;

    private final int port;

    private final boolean tls;

    private SampleProcess(ChildProcess process, int port, boolean tls) {
        this.process = process;
        this.port = port;
        this.tls = tls;
    }

    /** A sample that is still to be started. */
    public static Builder of(Variant variant) {
        return new Builder(variant);
    }

    /** The flags of a JVM that has to be up soon rather than fast for long. */
    public static List<String> fastStart() {
        return List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-Dspring.main.banner-mode=off",
                "-Dspring.output.ansi.enabled=never");
    }

    /** The application's port. */
    public int port() {
        return this.port;
    }

    /** A client of the application's port. */
    public RawClient client() {
        return this.tls ? RawClient.tls("localhost", this.port) : RawClient.plain("localhost", this.port);
    }

    /** A client of the application's port that speaks HTTP/2, which the application has to have switched on. */
    public Http2Client http2() {
        return Http2Client.of(this.port, this.tls);
    }

    /** A client of the management server, which was given a port of its own and speaks without TLS. */
    public RawClient managementClient() {
        List<String> started = output().lines((line) -> STARTED_ON.matcher(line).find());
        if (started.size() < 2) {
            throw new IllegalStateException("No management server of its own; its output: " + output().text());
        }
        return RawClient.plain("localhost", portIn(started.get(1)));
    }

    @Override
    public ProcessOutput output() {
        return this.process.output();
    }

    @Override
    public long terminate() {
        return this.process.terminate();
    }

    /** The process id. */
    public long pid() {
        return this.process.pid();
    }

    /** Writes one line to its standard input. */
    public void send(String line) {
        this.process.send(line);
    }

    /** Sends a signal by its name without {@code SIG}, and returns the {@link System#nanoTime()} before it. */
    public long signal(String signal) {
        return this.process.signal(signal);
    }

    @Override
    public ChildProcess.Exit awaitExit(Duration limit) {
        return this.process.awaitExit(limit);
    }

    /** The most threads that it is seen to have from here to its end, or until {@code limit}. */
    public int peakThreads(Duration limit) {
        return this.process.peakThreads(limit);
    }

    /** Whether it has loaded a native library whose name contains {@code name}. */
    boolean hasLoaded(String name) {
        return this.process.hasLoaded(name);
    }

    @Override
    public void close() {
        this.process.close();
    }

    static boolean isStarted(String line) {
        return STARTED.matcher(line).find();
    }

    private static int portIn(String line) {
        Matcher matcher = STARTED_ON.matcher(line);
        if (!matcher.find()) {
            throw new IllegalStateException("No port in: " + line);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** What a sample is started with. */
    public static final class Builder {

        private final Variant variant;

        private final List<String> arguments = new ArrayList<>();

        private final List<String> jvmArguments = new ArrayList<>();

        private boolean tls;

        private boolean image;

        private String contextPath = "";

        private List<String> prefix = List.of();

        private boolean filling;

        private int port;

        private Builder(Variant variant) {
            this.variant = variant;
        }

        /** Adds arguments of the application, such as {@code --server.drain.timeout=3s}. */
        public Builder with(String... more) {
            return with(List.of(more));
        }

        /** Adds arguments of the application. */
        public Builder with(List<String> more) {
            this.arguments.addAll(more);
            return this;
        }

        /** Adds arguments of the JVM. */
        public Builder withJvm(String... more) {
            this.jvmArguments.addAll(List.of(more));
            return this;
        }

        /** Puts everything that it serves behind a path. */
        public Builder behind(String newContextPath) {
            this.contextPath = newContextPath;
            return with(
                    "--server.servlet.context-path=" + newContextPath, "--spring.webflux.base-path=" + newContextPath);
        }

        /** Makes it speak TLS, or not. */
        public Builder tls(boolean newTls) {
            this.tls = newTls;
            return this;
        }

        /** Runs it the way an image does, or from its jar. */
        public Builder image(boolean newImage) {
            this.image = newImage;
            return this;
        }

        /** Runs it with a prefix before its command, on a port that another process may serve at the same time. */
        public Builder on(List<String> newPrefix, int sharedPort) {
            this.prefix = List.copyOf(newPrefix);
            this.port = sharedPort;
            return this;
        }

        /** Puts something before its command, such as a program that limits it. */
        public Builder prefixed(String... newPrefix) {
            this.prefix = List.of(newPrefix);
            return this;
        }

        /** Lets a {@link HeapFiller} run in it, which fills its heap when it is sent a line. */
        public Builder filling() {
            this.filling = true;
            return this;
        }

        /** Starts it and waits until it responds; on a port that may be shared, until it says that it has started. */
        public SampleProcess start() {
            boolean shared = this.port > 0;
            int ownPort = shared ? this.port : Ports.free();
            ChildProcess process = ChildProcess.start(this.variant.id(), command(ownPort));
            try {
                process.output().await((line) -> STARTED_ON.matcher(line).find(), START_LIMIT);
                SampleProcess sample = new SampleProcess(process, ownPort, this.tls);
                if (shared) {
                    process.output().await((line) -> STARTED.matcher(line).find(), START_LIMIT);
                } else {
                    awaitResponse(sample);
                }
                return sample;
            } catch (AssertionError | RuntimeException ex) {
                process.close();
                throw ex;
            }
        }

        /**
         * Starts it and waits for its end, which has to come by itself; returns what it wrote.
         *
         * @throws AssertionError if it serves instead
         */
        public String failToStart() {
            try (ChildProcess process =
                    ChildProcess.start(this.variant.id(), command((this.port > 0) ? this.port : Ports.free()))) {
                ChildProcess.Exit exit = process.awaitExit(START_LIMIT);
                process.output().awaitEnd(START_LIMIT);
                if (exit.code() != 1) {
                    throw new AssertionError("Ended with %d (expected: 1)%n%s"
                            .formatted(exit.code(), process.output().tail()));
                }
                return process.output().text();
            }
        }

        List<String> command(int ownPort) {
            List<String> command = new ArrayList<>(this.prefix);
            command.add(ChildProcess.java());
            command.addAll(fastStart());
            command.addAll(this.variant.container().jvmArguments());
            command.addAll(this.jvmArguments);
            if (this.filling) {
                command.addAll(this.variant.launching(HeapFiller.class));
            } else {
                command.addAll(this.image ? this.variant.imageArguments() : this.variant.jarArguments());
            }
            command.add("--server.port=" + ownPort);
            command.addAll(this.variant.container().argumentsBeside(this.arguments));
            if (this.tls) {
                command.addAll(TlsMaterial.serverArguments());
            }
            command.addAll(this.arguments);
            return command;
        }

        private void awaitResponse(SampleProcess sample) {
            sample.output().await((line) -> STARTED.matcher(line).find(), START_LIMIT);
            RawResponse response = sample.client().get(this.contextPath + "/hello");
            if (response.outcome() != Outcome.COMPLETE || response.status() != 200) {
                throw new AssertionError("The sample started and does not serve: " + response.summary() + "\n"
                        + sample.output().tail());
            }
        }
    }
}

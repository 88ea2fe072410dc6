package io.github.springdrain.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running sample application in a process of its own. Thread-safe; killed when closed. */
public final class SampleProcess implements AutoCloseable {

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

    /** What it logs. */
    public ProcessOutput output() {
        return this.process.output();
    }

    /** Sends SIGTERM and returns the {@link System#nanoTime()} of it. */
    public long terminate() {
        return this.process.terminate();
    }

    /**
     * Waits for the end.
     *
     * @throws AssertionError if it has not ended after {@code limit}
     */
    public ChildProcess.Exit awaitExit(Duration limit) {
        return this.process.awaitExit(limit);
    }

    /** The most threads that it is seen to have from here to its end, or until {@code limit}. */
    public int peakThreads(Duration limit) {
        return this.process.peakThreads(limit);
    }

    @Override
    public void close() {
        this.process.close();
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
            return with("--server.servlet.context-path=" + newContextPath);
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

        /** Starts it and waits until it answers. */
        public SampleProcess start() {
            int port = Ports.free();
            ChildProcess process = ChildProcess.start(this.variant.id(), command(port));
            try {
                process.output().await((line) -> STARTED_ON.matcher(line).find(), START_LIMIT);
                SampleProcess sample = new SampleProcess(process, port, this.tls);
                awaitAnswer(sample);
                return sample;
            } catch (AssertionError | RuntimeException ex) {
                process.close();
                throw ex;
            }
        }

        private List<String> command(int port) {
            List<String> command = new ArrayList<>(List.of(ChildProcess.java()));
            command.addAll(fastStart());
            command.addAll(this.jvmArguments);
            command.addAll(this.image ? this.variant.imageArguments() : this.variant.jarArguments());
            command.add("--server.port=" + port);
            if (this.tls) {
                command.addAll(TlsMaterial.serverArguments());
            }
            command.addAll(this.arguments);
            return command;
        }

        private void awaitAnswer(SampleProcess sample) {
            sample.output().await((line) -> STARTED.matcher(line).find(), START_LIMIT);
            RawResponse answer = sample.client().get(this.contextPath + "/hello");
            if (answer.outcome() != Outcome.COMPLETE || answer.status() != 200) {
                throw new AssertionError("The sample started and does not serve: " + answer.summary() + "\n"
                        + sample.output().tail());
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The main class of a process that stops its context as a checkpoint does, says how many sockets and selectors that has
 * left open, and starts the context again.
 */
final class StoppedApplication {

    static final String RESULT = "Left open: ";

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final int BODY_BYTES = 3_000_000;

    private static final Duration SETTLING = Duration.ofSeconds(5);

    private StoppedApplication() {}

    /**
     * Takes two arguments: whether the drain is enabled, and how many may be left open. It waits for these, as
     * containers leave the last of it to threads of theirs that end after the stop.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean drain = Boolean.parseBoolean(args[0]);
        long allowed = Long.parseLong(args[1]);
        long before = open();
        int port = Ports.free();
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(MeteredApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("server.port=" + port, "server.drain.enabled=" + drain)
                .run()) {
            RawClient client = RawClient.plain("localhost", port);
            require(client.get("/hello").outcome() == Outcome.COMPLETE, "not served");
            // Refused before the body has come: with the starter the connection lingers.
            RawConnection refused = client.connect().head("POST", "/hello", BODY_BYTES);
            require(refused.readResponse().status() >= 400, "not refused");
            context.stop();
            long end = System.nanoTime() + SETTLING.toNanos();
            while (open() - before > allowed && end - System.nanoTime() > 0) {
                Thread.sleep(20);
            }
            System.out.println(RESULT + (open() - before));
            refused.close();
            context.start();
            // Plain Spring Boot refuses with 503 then on Undertow.
            require(!drain || client.get("/hello").outcome() == Outcome.COMPLETE, "not served after the restore");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static long open() throws IOException {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors
                    .map(StoppedApplication::target)
                    .filter((target) -> target.startsWith("socket:") || target.startsWith("anon_inode:"))
                    .count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException ex) {
            // Closed meanwhile.
            return "";
        }
    }
}

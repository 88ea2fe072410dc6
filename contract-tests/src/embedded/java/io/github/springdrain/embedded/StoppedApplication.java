package io.github.springdrain.embedded;

import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private StoppedApplication() {}

    /** Takes one argument: whether the drain is enabled. */
    public static void main(String[] args) throws IOException {
        boolean drain = Boolean.parseBoolean(args[0]);
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
            require(refused.readAnswer().status() >= 400, "not refused");
            context.stop();
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

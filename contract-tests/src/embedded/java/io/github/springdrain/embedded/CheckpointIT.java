package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A stopped context holds nothing open, so that a checkpoint can be made of the process. Runs only where it is asked for,
 * by {@code -Dit.test=CheckpointIT}, as the tests before it in the same JVM open and close descriptors of their own.
 */
@Timeout(120)
@EnabledIfSystemProperty(named = "it.test", matches = "CheckpointIT")
class CheckpointIT {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final int BODY_BYTES = 3_000_000;

    @Test
    void nothingIsOpenAfterAStop() throws Exception {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "No /proc");
        int plain = openAfterStop(false);
        assertThat(openAfterStop(true))
                .as("sockets and selectors, with the starter")
                .isLessThanOrEqualTo(plain);
    }

    /** How many sockets and selectors there are that were not there before the start of the application. */
    private static int openAfterStop(boolean drain) throws Exception {
        Set<String> before = open();
        int port = Ports.free();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(MeteredApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("server.port=" + port, "server.drain.enabled=" + drain)
                .run();
        try {
            RawClient client = RawClient.plain("localhost", port);
            assertThat(client.get("/hello").outcome()).isEqualTo(Outcome.COMPLETE);
            // Refused before the body has come: with the starter the connection lingers.
            RawConnection refused = client.connect().head("POST", "/hello", BODY_BYTES);
            assertThat(refused.readAnswer().status()).isGreaterThanOrEqualTo(400);
            context.stop();
            Set<String> open = open();
            // Those of other tests may end at any time.
            open.removeAll(before);
            refused.close();
            context.start();
            // Plain Spring Boot refuses with 503 then on Undertow.
            if (drain) {
                assertThat(client.get("/hello").outcome())
                        .as("after the restore")
                        .isEqualTo(Outcome.COMPLETE);
            }
            return open.size();
        } finally {
            context.close();
        }
    }

    /** Each by its number and its kind; a socket also has a number of its own. */
    private static Set<String> open() throws IOException {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors
                    .map((descriptor) -> descriptor.getFileName() + " " + target(descriptor))
                    .filter((open) -> open.contains(" socket:") || open.contains(" anon_inode:"))
                    .collect(Collectors.toCollection(HashSet::new));
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

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.readHead;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that Jetty serves, and what it counts and logs, while no drain runs. */
@Timeout(60)
class JettyExchangeTest {

    private static final int SIZE = 3_000_000;

    private final LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

    private final Server server = new Server();

    private final StatisticsHandler statistics = new StatisticsHandler();

    private final List<Integer> logged = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        Files.write(directory.resolve("large.bin"), new byte[SIZE]);
        ServerConnector connector = new ServerConnector(this.server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        this.server.addConnector(connector);
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.root().newResource(directory));
        this.statistics.setHandler(files);
        this.server.setHandler(this.statistics);
        this.server.setRequestLog((request, response) -> this.logged.add(response.getStatus()));
        JettyAdoption.plain(this.server, this.closer);
        this.server.start();
    }

    @AfterEach
    void stop() {
        LifeCycle.stop(this.server);
        this.closer.close();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, Connection: close, hello, 5",
        "HTTP/1.1, X: y, hello, 5",
        "HTTP/1.0, X: y, hello, 5",
        "HTTP/1.1, X: y, '', 5",
        "HTTP/1.1, Connection: close, '', 5",
        "HTTP/1.1, X: y, h, 2000000"
    })
    void aLargeFileIsSentWholeWithABodyThatNobodyReads(String version, String field, String body, int length)
            throws Exception {
        int port = ((ServerConnector) this.server.getConnectors()[0]).getLocalPort();
        try (Socket client = connect(port)) {
            send(
                    client,
                    "GET /large.bin " + version + "\r\nHost: localhost\r\n" + field + "\r\nContent-Length: " + length
                            + "\r\n\r\n" + body);
            assertThat(readHead(client)).startsWith("HTTP/1.1 200");
            assertThat(client.getInputStream().readNBytes(SIZE)).hasSize(SIZE);
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> this.logged.size() == 1);
        assertThat(this.logged).containsExactly(200);
        System.out.println("STAT " + this.statistics.getFailures() + " " + this.statistics.getHandlingFailures() + " "
                + this.statistics.getResponses2xx());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.Control;
import io.github.springdrain.contract.KeptConnections;
import io.github.springdrain.contract.RawClient;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each connector that the application adds is drained like the main one. */
@Timeout(180)
class ConnectorsIT {

    private static final Pattern PORT = Pattern.compile("(\\d+) \\(http\\)");

    private static final int CLIENTS_PER_CONNECTOR = 6;

    @Test
    void keptConnectionsOfEachConnectorLoseNothing() {
        assertThat(lost(true)).containsExactly(0L, 0L, 0L);
        assertThat(Control.lostByChance(
                        () -> lost(false).stream().mapToLong(Long::longValue).sum()))
                .as("plain Spring Boot")
                .isPositive();
    }

    /** The requests that were lost, for each connector. */
    private static List<Long> lost(boolean drain) {
        try (ApplicationProcess application =
                ApplicationProcess.of(ConnectorsApplication.class).drain(drain).start()) {
            List<RawClient> clients =
                    ports(application).map(application::client).toList();
            assertThat(clients).hasSize(3);
            List<KeptConnections> running = clients.stream()
                    .map((client) -> KeptConnections.start(client, CLIENTS_PER_CONNECTOR))
                    .toList();
            clients.forEach(
                    (client) -> assertThat(client.get("/hello").status()).isEqualTo(200));
            application.terminate();
            application.awaitExit();
            return running.stream().map(KeptConnections::lost).toList();
        }
    }

    private static Stream<Integer> ports(ApplicationProcess application) {
        String line = application
                .output()
                .lines((text) -> text.contains("Tomcat started on ports"))
                .get(0);
        return PORT.matcher(line).results().map((MatchResult port) -> Integer.valueOf(port.group(1)));
    }
}

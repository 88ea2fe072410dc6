// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.rsocket.context.RSocketServerInitializedEvent;
import org.springframework.boot.rsocket.server.RSocketServer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class DrainRSocketAutoConfigurationTests {

    private static final String BEAN = "drainUndrainedRSocketServers";

    private final WebApplicationContextRunner contexts = new WebApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DrainAutoConfiguration.class, DrainRSocketAutoConfiguration.class));

    @Test
    void namesTheServerThatIsNotDrainedInOneLine(CapturedOutput output) {
        this.contexts.run((context) -> context.publishEvent(
                new RSocketServerInitializedEvent(new Server(InetSocketAddress.createUnresolved("localhost", 7000)))));
        assertThat(output.getAll().lines().filter((line) -> line.contains("RSocket")))
                .singleElement()
                .asString()
                .contains("INFO", "The RSocket server on port 7000 is not drained");
    }

    @Test
    void saysNothingWhereNoDrainIsWanted(CapturedOutput output) {
        this.contexts
                .withPropertyValues("server.drain.enabled=false")
                .run((context) -> assertThat(context).doesNotHaveBean(BEAN));
        this.contexts.run((context) -> assertThat(context).hasBean(BEAN));
        assertThat(output).doesNotContain("RSocket");
    }

    @Test
    void isNotThereWhereSpringBootHasNoRSocket() {
        this.contexts
                .withClassLoader(new FilteredClassLoader(RSocketServerInitializedEvent.class))
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }

    /** One that Spring Boot says has started. */
    private record Server(InetSocketAddress address) implements RSocketServer {

        @Override
        public void start() {}

        @Override
        public void stop() {}
    }
}

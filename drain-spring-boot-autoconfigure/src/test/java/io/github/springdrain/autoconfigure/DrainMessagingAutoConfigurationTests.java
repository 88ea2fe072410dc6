// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class DrainMessagingAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DrainAutoConfiguration.class, DrainMessagingAutoConfiguration.class));

    @ParameterizedTest
    @CsvSource({
        "drainKafkaListeners, kafka, org.springframework.kafka",
        "drainRabbitListeners, rabbit, org.springframework.amqp",
        "drainJmsListeners, jms, org.springframework.jms",
        "drainIntegrationPollers, integration, org.springframework.integration"
    })
    void eachKindIsThereWithItsLibraryUnlessItIsTurnedOff(String bean, String property, String library) {
        this.runner.run((context) -> assertThat(context).hasBean(bean));
        this.runner
                .withPropertyValues("server.drain.participants." + property + ".enabled=false")
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(bean));
        this.runner
                .withClassLoader(new FilteredClassLoader(library))
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(bean));
        this.runner
                .withPropertyValues("server.drain.enabled=false")
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(bean));
    }
}

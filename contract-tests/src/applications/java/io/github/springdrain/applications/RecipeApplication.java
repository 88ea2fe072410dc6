// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;

/** The recipe from before Spring Boot had a graceful shutdown of its own, as it is still found in many applications. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(HelloApplication.Controller.class)
class RecipeApplication {

    public static void main(String[] args) {
        SpringApplication.run(RecipeApplication.class, args);
    }

    @Bean
    GracefulShutdown gracefulShutdown() {
        return new GracefulShutdown();
    }

    static class GracefulShutdown extends ConnectorRecipe implements ApplicationListener<ContextClosedEvent> {

        private volatile @Nullable Connector connector;

        @Override
        void customize(Connector newConnector) {
            this.connector = newConnector;
        }

        @Override
        public void onApplicationEvent(ContextClosedEvent event) {
            Connector paused = Objects.requireNonNull(this.connector);
            paused.pause();
            Executor executor = paused.getProtocolHandler().getExecutor();
            if (!(executor instanceof ExecutorService pool)) {
                System.out.println("The recipe found no executor");
                return;
            }
            try {
                pool.shutdown();
                System.out.println("The recipe has ended: " + pool.awaitTermination(20, TimeUnit.SECONDS));
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

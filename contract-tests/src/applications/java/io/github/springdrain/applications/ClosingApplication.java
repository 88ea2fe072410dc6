// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import jakarta.annotation.PreDestroy;
import java.time.Instant;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Closes itself: from a request, from a scheduled task, from an asynchronous method. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableScheduling
@EnableAsync
@Import({ClosingApplication.Controller.class, ClosingApplication.Worker.class})
class ClosingApplication {

    public static void main(String[] args) {
        SpringApplication.run(ClosingApplication.class, args);
    }

    @RestController
    static class Controller {

        private final ConfigurableApplicationContext context;

        private final TaskScheduler scheduler;

        private final Worker worker;

        Controller(ConfigurableApplicationContext context, TaskScheduler scheduler, Worker worker) {
            this.context = context;
            this.scheduler = scheduler;
            this.worker = worker;
        }

        @GetMapping("/request")
        String request() {
            this.context.close();
            return "closed";
        }

        @GetMapping("/scheduled")
        @SuppressWarnings("FutureReturnValueIgnored")
        String scheduled() {
            this.scheduler.schedule(() -> System.exit(SpringApplication.exit(this.context)), Instant.now());
            return "scheduled";
        }

        @GetMapping("/asynchronous")
        String asynchronous() {
            this.worker.exit();
            return "submitted";
        }

        @PreDestroy
        void destroy() {
            System.out.println(
                    "Interrupted in @PreDestroy: " + Thread.currentThread().isInterrupted());
        }
    }

    static class Worker {

        private final ConfigurableApplicationContext context;

        Worker(ConfigurableApplicationContext context) {
            this.context = context;
        }

        @Async
        void exit() {
            System.exit(SpringApplication.exit(this.context));
        }
    }
}

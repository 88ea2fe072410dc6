// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** No web server, only work. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableScheduling
@Import(WorkerApplication.Job.class)
class WorkerApplication {

    public static void main(String[] args) {
        SpringApplication.run(WorkerApplication.class, args);
    }

    static class Job {

        @Scheduled(fixedDelay = 60, timeUnit = TimeUnit.SECONDS)
        void work() {
            System.out.println("job begins");
            try {
                Thread.sleep(3000);
                System.out.println("job is complete");
            } catch (InterruptedException ex) {
                System.out.println("job is interrupted");
            }
        }
    }
}

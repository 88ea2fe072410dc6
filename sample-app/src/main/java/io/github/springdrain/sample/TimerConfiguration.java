// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The timer that completes asynchronous requests. */
@Configuration(proxyBeanMethods = false)
class TimerConfiguration {

    /** Not one of Spring's schedulers: those stop when the context starts to close, before the responses are due. */
    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService timer() {
        return Executors.newScheduledThreadPool(2, task -> {
            var thread = new Thread(task, "sample-timer");
            thread.setDaemon(true);
            return thread;
        });
    }
}

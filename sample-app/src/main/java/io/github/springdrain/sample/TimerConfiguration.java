package io.github.springdrain.sample;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The timer that answers asynchronous requests. */
@Configuration(proxyBeanMethods = false)
class TimerConfiguration {

    /** Not one of Spring's schedulers: those stop when the context starts to close, before the answers are due. */
    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService timer() {
        return Executors.newScheduledThreadPool(2, task -> {
            var thread = new Thread(task, "sample-timer");
            thread.setDaemon(true);
            return thread;
        });
    }
}

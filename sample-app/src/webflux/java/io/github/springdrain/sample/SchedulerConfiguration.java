// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** The threads beside the event loops, and those of the event loops where a test wants few. */
@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {

    /** As many threads as there are requests that hold one, unless a limit is set. */
    @Bean(destroyMethod = "dispose")
    Scheduler besideEventLoop(@Value("${sample.blocking-threads:0}") int limit) {
        ThreadFactory threads = task -> {
            var thread = new Thread(task, "sample-blocking");
            thread.setDaemon(true);
            return thread;
        };
        ExecutorService executor =
                limit > 0 ? Executors.newFixedThreadPool(limit, threads) : Executors.newCachedThreadPool(threads);
        return Schedulers.fromExecutorService(executor);
    }

    @Bean
    @ConditionalOnProperty("sample.event-loops")
    ReactorResourceFactory eventLoops(@Value("${sample.event-loops}") int count) {
        var resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(() -> LoopResources.create("sample-loop", count, true));
        return resources;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Long polls that the application completes by itself when its context closes. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(PollsApplication.Controller.class)
class PollsApplication {

    public static void main(String[] args) {
        SpringApplication.run(PollsApplication.class, args);
    }

    @RestController
    static class Controller {

        private final Queue<DeferredResult<String>> polls = new ConcurrentLinkedQueue<>();

        @GetMapping("/poll")
        DeferredResult<String> poll() {
            DeferredResult<String> poll = new DeferredResult<>(0L);
            this.polls.add(poll);
            System.out.println("Polls: " + this.polls.size());
            return poll;
        }

        @EventListener
        void onContextClosed(ContextClosedEvent event) {
            this.polls.forEach((poll) -> poll.setResult("closing"));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Says which kind of thread serves a request. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(VirtualThreadsApplication.Controller.class)
class VirtualThreadsApplication {

    /** Starts one of the type that the first argument names. */
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(VirtualThreadsApplication.class);
        application.setWebApplicationType(WebApplicationType.valueOf(args[0]));
        application.run(args);
    }

    @RestController
    static class Controller {

        private final AtomicInteger inService = new AtomicInteger();

        @GetMapping("/hello")
        String hello() {
            return kindOfThread();
        }

        /** Long enough to be worth compressing. */
        @GetMapping("/text")
        String text() {
            return "text ".repeat(100);
        }

        @GetMapping("/slow")
        String slow(@RequestParam long ms) throws InterruptedException {
            System.out.println("in service: " + this.inService.incrementAndGet());
            Thread.sleep(Duration.ofMillis(ms).toMillis());
            return kindOfThread();
        }

        @GetMapping("/callable")
        Callable<String> callable(@RequestParam long ms) {
            return () -> slow(ms);
        }

        /** The JDK that this is compiled for has no method to ask. */
        private static String kindOfThread() {
            return Thread.currentThread().toString().startsWith("VirtualThread") ? "virtual" : "platform";
        }
    }
}

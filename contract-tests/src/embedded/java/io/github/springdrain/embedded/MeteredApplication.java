// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with a registry that pushes, and one request that takes until it is let go. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(MeteredApplication.Held.class)
class MeteredApplication {

    @Bean
    PushedRegistry pushedRegistry() {
        return new PushedRegistry();
    }

    /** Serves {@code /held}. */
    @RestController
    static class Held {

        private final CountDownLatch entered = new CountDownLatch(1);

        private final CountDownLatch letGo = new CountDownLatch(1);

        @GetMapping("/held")
        String held() throws InterruptedException {
            this.entered.countDown();
            return "let go " + this.letGo.await(60, TimeUnit.SECONDS);
        }

        @GetMapping("/hello")
        String hello() {
            return "hello";
        }

        /** Blocks until the request is in service. */
        void awaitRequest() throws InterruptedException {
            if (!this.entered.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("No request has come");
            }
        }

        void letGo() {
            this.letGo.countDown();
        }
    }
}

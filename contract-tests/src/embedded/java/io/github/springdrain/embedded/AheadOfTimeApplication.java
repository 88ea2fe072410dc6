// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application to be processed ahead of time. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(AheadOfTimeApplication.Slow.class)
public class AheadOfTimeApplication {

    /** Runs in a process of its own. */
    public static void main(String[] arguments) {
        SpringApplication.run(AheadOfTimeApplication.class, arguments);
    }

    /** Serves {@code /slow}. */
    @RestController
    static class Slow {

        @GetMapping("/hello")
        String hello() {
            return "hello";
        }

        @GetMapping("/slow")
        String slow() throws InterruptedException {
            System.out.println("in service");
            Thread.sleep(2000);
            return "slow";
        }
    }
}

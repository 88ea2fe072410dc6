// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a guide makes of a new project, with one resource that takes its time and one that does not read its body. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(HelloApplication.Controller.class)
class HelloApplication {

    public static void main(String[] args) {
        SpringApplication.run(HelloApplication.class, args);
    }

    @RestController
    static class Controller {

        @GetMapping("/hello")
        String hello() {
            return "Hello";
        }

        @GetMapping("/slow")
        String slow(@RequestParam long ms) throws InterruptedException {
            System.out.println("slow begins");
            Thread.sleep(Duration.ofMillis(ms).toMillis());
            return "At last";
        }

        @PostMapping("/refused")
        ResponseEntity<String> refused() {
            // The constant for it has another name in each line of Spring.
            return ResponseEntity.status(413).body("Too large");
        }

        @PostMapping("/unwanted")
        @ResponseStatus(HttpStatus.CONFLICT)
        String unwanted() {
            return "Not now";
        }
    }
}

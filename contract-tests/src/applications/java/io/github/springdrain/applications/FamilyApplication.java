package io.github.springdrain.applications;

import java.util.stream.Stream;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** Two web applications in one process: one the parent of the other, or each on its own. */
class FamilyApplication {

    static final String OTHER_PORT = "other.port";

    static final String SIBLINGS = "siblings";

    public static void main(String[] args) {
        ConfigurableApplicationContext first = new SpringApplicationBuilder(First.class).run(args);
        SpringApplicationBuilder second = new SpringApplicationBuilder(Second.class);
        if (!Boolean.getBoolean(SIBLINGS)) {
            second.parent(first);
        }
        second.run(Stream.of(args)
                .map((arg) -> arg.startsWith("--server.port=") ? "--server.port=" + System.getProperty(OTHER_PORT) : arg)
                .toArray(String[]::new));
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(HelloApplication.Controller.class)
    static class First {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(HelloApplication.Controller.class)
    static class Second {}
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.springframework.boot.ApplicationContextFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;
import org.springframework.context.annotation.Import;

/** An application as a WAR contains it, with a main method that starts it with a server of its own. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(VirtualThreadsApplication.Controller.class)
public class DeployedApplication extends SpringBootServletInitializer {

    /** Spring Boot's own context for a WAR reads annotations, and fails on what was processed ahead of time. */
    @Override
    protected SpringApplicationBuilder configure(SpringApplicationBuilder builder) {
        return builder.sources(DeployedApplication.class).contextFactory(ApplicationContextFactory.DEFAULT);
    }

    /** Starts and closes it. */
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(DeployedApplication.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.run("--server.port=0").close();
    }
}

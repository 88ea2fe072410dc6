// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.startup.Tomcat;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;
import org.springframework.context.annotation.Import;
import org.springframework.web.SpringServletContainerInitializer;

/** An application as a WAR contains it, with a main method that deploys it and then starts it with a server of its own. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(VirtualThreadsApplication.Controller.class)
public class DeployedApplication extends SpringBootServletInitializer {

    static final String DEPLOYED = "Deployed on port ";

    static final String UNDEPLOYED = "Undeployed";

    @Override
    protected SpringApplicationBuilder configure(SpringApplicationBuilder builder) {
        return builder.sources(DeployedApplication.class);
    }

    /** Takes the folder for the container's files. */
    public static void main(String[] args) throws Exception {
        Tomcat container = new Tomcat();
        container.setBaseDir(args[0]);
        container.setPort(0);
        container
                .addContext("", Path.of(args[0]).toString())
                .addServletContainerInitializer(
                        new SpringServletContainerInitializer(), Set.of(DeployedApplication.class));
        container.start();
        System.out.println(DEPLOYED + container.getConnector().getLocalPort());
        System.in.read();
        container.stop();
        container.destroy();
        System.out.println(UNDEPLOYED);
        SpringApplication application = new SpringApplication(DeployedApplication.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.run("--server.port=0").close();
    }
}

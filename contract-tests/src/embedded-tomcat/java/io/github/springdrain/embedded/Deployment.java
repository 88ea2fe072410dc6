// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.startup.Tomcat;
import org.springframework.web.SpringServletContainerInitializer;

/** Deploys {@link DeployedApplication} to a container, and then starts it with a server of its own. */
final class Deployment {

    static final String DEPLOYED = "Deployed on port ";

    static final String UNDEPLOYED = "Undeployed";

    private Deployment() {}

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
        DeployedApplication.main(args);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;

/** An AMQP 0-9-1 broker in this process, on a free port of the loopback interface, that keeps everything in memory. */
final class AmqpBroker {

    private static final String CONFIGURATION = """
            {
              "name": "broker",
              "modelVersion": "9.1",
              "authenticationproviders": [{
                "name": "plain", "type": "Plain", "secureOnlyMechanisms": [],
                "users": [{"name": "guest", "type": "managed", "password": "guest"}]
              }],
              "ports": [{
                "name": "AMQP", "port": 0, "bindingAddress": "127.0.0.1", "authenticationProvider": "plain",
                "protocols": ["AMQP_0_9_1"],
                "virtualhostaliases": [{"name": "names", "type": "nameAlias"}]
              }],
              "virtualhostnodes": [{
                "name": "default", "type": "Memory", "defaultVirtualHostNode": "true",
                "virtualHostInitialConfiguration": "{\\"type\\": \\"Memory\\"}"
              }]
            }
            """;

    private final AtomicReference<SystemConfig<?>> system = new AtomicReference<>();

    private final SystemLauncher launcher =
            new SystemLauncher(new SystemLauncherListener.DefaultSystemLauncherListener() {

                @Override
                public void onContainerResolve(SystemConfig<?> config) {
                    AmqpBroker.this.system.set(config);
                }
            });

    /** Starts the broker, with its files in a directory of the test. */
    AmqpBroker start(Path directory) throws Exception {
        Path configuration = Files.writeString(directory.resolve("broker.json"), CONFIGURATION);
        this.launcher.startup(Map.of(
                "type",
                "Memory",
                "initialConfigurationLocation",
                configuration.toUri().toString(),
                "startupLoggedToSystemOut",
                "false",
                "context",
                Map.of("qpid.work_dir", directory.toString())));
        return this;
    }

    /** The port that clients connect to. */
    int port() {
        return this.system
                .get()
                .getContainer()
                .getChildren(Port.class)
                .iterator()
                .next()
                .getBoundPort();
    }

    void stop() {
        this.launcher.shutdown();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.registries;

import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** ZooKeeper, with its server in this process. */
@Timeout(240)
class ZooKeeperIT extends RegistryContract {

    private static final String PATH = "/services/shop";

    private static TestingServer server;

    private static CuratorFramework client;

    @BeforeAll
    static void startServer() throws Exception {
        server = new TestingServer();
        client = CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryOneTime(100));
        client.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        client.close();
        server.close();
    }

    @Override
    RegisteredApplication start(String... properties) {
        return RegisteredApplication.start(Stream.concat(
                        Stream.of(
                                "eureka.client.enabled=false",
                                "spring.cloud.consul.enabled=false",
                                "spring.cloud.zookeeper.connect-string=" + server.getConnectString()),
                        Stream.of(properties))
                .toArray(String[]::new));
    }

    @Override
    boolean isUp() {
        try {
            return client.checkExists().forPath(PATH) != null
                    && !client.getChildren().forPath(PATH).isEmpty();
        } catch (Exception ex) {
            throw new IllegalStateException(ex);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.SampleProcess;
import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sample application in a network namespace with an address of its own. Thread-safe; killed when closed. */
final class Pod implements AutoCloseable {

    /** The application's port. */
    static final int PORT = 8080;

    /** The port of the actuator. */
    static final int MANAGEMENT_PORT = 8081;

    /** The path of the readiness probe, on the port of the actuator. */
    static final String READINESS = "/actuator/health/readiness";

    private final int host;

    private final Strategy strategy;

    private final Namespace node;

    private final Namespace namespace;

    private final ChildProcess process;

    private Pod(int host, Strategy strategy, Namespace node, Namespace namespace, ChildProcess process) {
        this.host = host;
        this.strategy = strategy;
        this.node = node;
        this.namespace = namespace;
        this.process = process;
    }

    /** Starts one at the network's {@code host}-th address, and does not wait for it. */
    static Pod start(Network network, int host, Variant variant, Strategy strategy) {
        Namespace namespace = network.attach("pod" + host, host);
        List<String> command = new ArrayList<>(List.of(ChildProcess.java(), "-Xmx128m"));
        command.addAll(SampleProcess.fastStart());
        command.addAll(variant.imageArguments());
        command.add("--server.port=" + PORT);
        command.add("--management.server.port=" + MANAGEMENT_PORT);
        command.addAll(strategy.arguments());
        String name = "pod%d-%s-%s".formatted(host, variant.id(), strategy.name());
        return new Pod(host, strategy, network.node(), namespace, ChildProcess.start(name, namespace.inside(command)));
    }

    /** The number of its address. */
    int host() {
        return this.host;
    }

    /** Its address. */
    String address() {
        return Network.address(this.host);
    }

    /** How it is taken out of service. */
    Strategy strategy() {
        return this.strategy;
    }

    /** The command that runs {@code command} where its own processes run. */
    List<String> inside(List<String> command) {
        return this.namespace.inside(command);
    }

    /** The command that runs {@code command} where the kubelet runs. */
    List<String> onNode(List<String> command) {
        return this.node.inside(command);
    }

    /** Whether its process has not ended. */
    boolean isAlive() {
        return this.process.isAlive();
    }

    /** The last lines of its log. */
    String tail() {
        return this.process.output().tail();
    }

    /** Sends SIGTERM. */
    void terminate() {
        this.process.terminate();
    }

    /** Whether its process has ended, or will {@code within}. */
    boolean awaitEnd(Duration within) {
        try {
            this.process.awaitExit(within);
            return true;
        } catch (AssertionError ex) {
            return false;
        }
    }

    /** Kills its process if it still runs, and removes its namespace. */
    @Override
    public void close() {
        this.process.close();
        this.namespace.close();
    }
}

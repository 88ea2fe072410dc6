// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Command;
import java.util.List;

/**
 * The network of one node: a bridge that the pods are plugged into, and clients behind a router, all of it in namespaces
 * of its own. Nothing of the host's own network is changed. Thread-safe; removed when closed.
 */
final class Network implements AutoCloseable {

    private static final String NODE_ADDRESS = "10.244.0.1";

    private static final String ROUTER_ADDRESS = "10.10.0.1";

    private static final String CLIENT_ADDRESS = "10.10.0.2";

    private final Namespace node;

    private final Namespace clients;

    private Network(Namespace node, Namespace clients) {
        this.node = node;
        this.clients = clients;
    }

    /** Makes it. */
    static Network open() {
        Namespace.removeStale();
        Namespace node = Namespace.create("node");
        Network network = new Network(node, Namespace.create("clients"));
        try {
            network.build();
            return network;
        } catch (RuntimeException ex) {
            network.close();
            throw ex;
        }
    }

    /** The address of the bridge's {@code host}-th host. */
    static String address(int host) {
        return "10.244.0." + host;
    }

    /** Where the kubelet runs, and where packets are routed. */
    Namespace node() {
        return this.node;
    }

    /** Where the clients live. */
    Namespace clients() {
        return this.clients;
    }

    /** A namespace with an address on the bridge. */
    Namespace attach(String label, int host) {
        Namespace namespace = Namespace.create(label);
        String port = "veth" + host;
        // The same address always has the same hardware address, or neighbours would remember its last owner's.
        String hardware = "02:00:0a:f4:00:%02x".formatted(host);
        this.node.ip(
                "link",
                "add",
                port,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "address",
                hardware,
                "netns",
                namespace.name());
        this.node.ip("link", "set", port, "master", "br0", "up");
        plugIn(namespace, address(host), NODE_ADDRESS);
        return namespace;
    }

    @Override
    public void close() {
        this.clients.close();
        this.node.close();
    }

    private void build() {
        this.node.ip("link", "add", "br0", "type", "bridge");
        this.node.ip("addr", "add", NODE_ADDRESS + "/24", "dev", "br0");
        this.node.ip("link", "set", "br0", "up");
        this.node.ip("link", "add", "clients", "type", "veth", "peer", "name", "eth0", "netns", this.clients.name());
        this.node.ip("addr", "add", ROUTER_ADDRESS + "/24", "dev", "clients");
        this.node.ip("link", "set", "clients", "up");
        plugIn(this.clients, CLIENT_ADDRESS, ROUTER_ADDRESS);
        // A setting of the namespace the writer is in, not of the host.
        Command.require(this.node.inside(List.of("tee", "/proc/sys/net/ipv4/ip_forward")), "1");
    }

    private static void plugIn(Namespace namespace, String address, String router) {
        namespace.ip("addr", "add", address + "/24", "dev", "eth0");
        namespace.ip("link", "set", "eth0", "up");
        namespace.ip("route", "add", "default", "via", router);
    }
}

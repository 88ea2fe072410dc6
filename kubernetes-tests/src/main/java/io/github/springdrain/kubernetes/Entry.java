// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

/** The ways into the cluster that are tried. */
enum Entry {

    /** A Service: the node translates its address to that of a ready pod, chosen at random for each connection. */
    SERVICE("Service", "nft"),

    /** nginx, which the endpoint controller reloads with new upstreams. */
    NGINX("nginx", "nginx"),

    /** HAProxy, which finds ready pods by health checks of its own. */
    HAPROXY("HAProxy", "haproxy");

    private final String label;

    private final String program;

    Entry(String label, String program) {
        this.label = label;
        this.program = program;
    }

    /** What people call it. */
    String label() {
        return this.label;
    }

    /** The command it needs, which is its package's name in Debian too, but for {@code nft} of {@code nftables}. */
    String program() {
        return this.program;
    }

    /** Sets it up. */
    DataPath open(Network network) {
        return switch (this) {
            case SERVICE -> ServiceAddress.open(network);
            case NGINX -> NginxProxy.open(network);
            case HAPROXY -> HaproxyProxy.open(network);
        };
    }
}

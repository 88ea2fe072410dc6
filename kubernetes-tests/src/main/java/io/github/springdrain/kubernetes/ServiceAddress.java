// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A virtual address in the shape of kube-proxy's nftables mode: the first packet of a connection is sent to one endpoint
 * chain at random, which translates its destination; what is established stays where it is. Each change is one
 * transaction.
 */
final class ServiceAddress implements DataPath {

    private static final String ADDRESS = "10.96.0.10";

    private static final int PORT = 80;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String BASE = """
            table ip kube-proxy {
              chain service { }
              chain services {
                ip daddr %s tcp dport %d goto service
              }
              chain nat-prerouting {
                type nat hook prerouting priority dstnat; policy accept;
                jump services
              }
            }
            """;

    private final Namespace node;

    private ServiceAddress(Namespace node) {
        this.node = node;
    }

    /** Sets it up, with no pod behind it. */
    static ServiceAddress open(Network network) {
        ServiceAddress service = new ServiceAddress(network.node());
        service.apply(BASE.formatted(ADDRESS, PORT));
        return service;
    }

    /** Why there can be none on this machine; empty when there can. */
    static Optional<String> missing() {
        try (Namespace probe = Namespace.create("probe")) {
            List<String> command = probe.inside(
                    List.of("nft", "add table ip t; add chain ip t c { type nat hook prerouting priority 0; }"));
            Command.Result result = Command.run(command, LIMIT);
            return (result.code() == 0)
                    ? Optional.empty()
                    : Optional.of("the kernel does not translate addresses by nftables: " + result.output());
        }
    }

    @Override
    public String host() {
        return ADDRESS;
    }

    @Override
    public int port() {
        return PORT;
    }

    @Override
    public void route(List<String> addresses) {
        String endpoints = addresses.stream().map(ServiceAddress::endpointChain).collect(Collectors.joining());
        apply(endpoints + "flush chain ip kube-proxy service\n" + choice(addresses));
    }

    @Override
    public void awaitRouted(int pods) {
        // In force since route() returned.
    }

    @Override
    public void close() {
        // Goes with the node's namespace.
    }

    private static String choice(List<String> addresses) {
        if (addresses.isEmpty()) {
            return "";
        }
        String cases = IntStream.range(0, addresses.size())
                .mapToObj((index) -> index + " : goto " + chain(addresses.get(index)))
                .collect(Collectors.joining(", "));
        return "add rule ip kube-proxy service numgen random mod %d vmap { %s }\n".formatted(addresses.size(), cases);
    }

    private static String endpointChain(String address) {
        return """
                add chain ip kube-proxy %1$s
                flush chain ip kube-proxy %1$s
                add rule ip kube-proxy %1$s meta l4proto tcp dnat to %2$s:%3$d
                """.formatted(chain(address), address, Pod.PORT);
    }

    private static String chain(String address) {
        return "endpoint-" + address;
    }

    private void apply(String transaction) {
        Command.require(this.node.inside(List.of("nft", "-f", "-")), transaction);
    }
}

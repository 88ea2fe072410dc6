// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * HAProxy with kept upstream connections and without retries. It knows every address a pod may have and asks each for
 * its readiness, as a load balancer outside the cluster does; the endpoint controller has no part in it.
 */
final class HaproxyProxy implements DataPath {

    private static final String CONFIGURATION = """
            global
              maxconn 2000
            defaults
              mode http
              retries 0
              timeout connect 2s
              timeout client 30s
              timeout server 30s
              timeout http-keep-alive 10s
              timeout check 2s
            frontend service
              bind :%d
              default_backend pods
            frontend status
              bind 127.0.0.1:9000
              stats enable
              stats uri /
            backend pods
              balance random
              http-reuse always
              option httpchk GET %s
              http-check expect status 200
              default-server check port %d inter 500ms fall 2 rise 1
            %s
            """;

    private static final Pattern UP = Pattern.compile("^pods,pod\\d+,.*,UP,", Pattern.MULTILINE);

    private final ProxyProcess process;

    private HaproxyProxy(ProxyProcess process) {
        this.process = process;
    }

    static HaproxyProxy open(Network network) {
        HaproxyProxy proxy = new HaproxyProxy(ProxyProcess.in(network, "haproxy"));
        proxy.process.write("haproxy.cfg", configuration());
        return proxy;
    }

    @Override
    public String host() {
        return ProxyProcess.host();
    }

    @Override
    public int port() {
        return ProxyProcess.PORT;
    }

    @Override
    public void route(List<String> addresses) {
        if (!addresses.isEmpty() && !this.process.isStarted()) {
            this.process.start(
                    "haproxy",
                    "-db",
                    "-f",
                    this.process.folder().resolve("haproxy.cfg").toString());
        }
    }

    /** Servers count as up until their first check. */
    @Override
    public void awaitRouted(int pods) {
        this.process.await("sends to " + pods + " pods", () -> {
            String status = this.process.run("curl", "-s", "--max-time", "5", "http://127.0.0.1:9000/;csv");
            return UP.matcher(status).results().count() == pods;
        });
    }

    @Override
    public void close() {
        this.process.close();
    }

    private static String configuration() {
        List<Integer> hosts = Kubelet.HOSTS;
        String servers = hosts.stream()
                .map((host) -> "  server pod%d %s:%d".formatted(host, Network.address(host), Pod.PORT))
                .collect(Collectors.joining("\n"));
        return CONFIGURATION.formatted(ProxyProcess.PORT, Pod.READINESS, Pod.MANAGEMENT_PORT, servers);
    }
}

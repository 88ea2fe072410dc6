// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * nginx with kept upstream connections and without retries. Its clients' own connections end with each response,
 * because nginx 1.22 closes kept ones without a word whenever it reloads, which would be counted as the pods' failure
 * ({@code keepalive_min_timeout} of nginx 1.27.4 ends that).
 */
final class NginxProxy implements DataPath {

    private static final String CONFIGURATION = """
            user root;
            worker_processes 1;
            daemon off;
            pid nginx.pid;
            error_log stderr warn;
            events { worker_connections 1024; }
            http {
              access_log off;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              upstream pods {
            %s
                keepalive 32;
                keepalive_timeout 10s;
              }
              server {
                listen %d backlog=1024;
                keepalive_timeout 0;
                client_max_body_size 0;
                location / {
                  proxy_pass http://pods;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_request_buffering off;
                  proxy_next_upstream off;
                  proxy_connect_timeout 2s;
                }
              }
            }
            """;

    private static final String FILE = "nginx.conf";

    private final ProxyProcess process;

    private NginxProxy(ProxyProcess process) {
        this.process = process;
    }

    static NginxProxy open(Network network) {
        return new NginxProxy(ProxyProcess.in(network, "nginx"));
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
        if (addresses.isEmpty()) {
            return;
        }
        // Without max_fails=0 a pod that refuses would be avoided for a while, which is a retry by other means.
        String servers = addresses.stream()
                .map((address) -> "    server %s:%d max_fails=0;".formatted(address, Pod.PORT))
                .collect(Collectors.joining("\n"));
        this.process.write(FILE, CONFIGURATION.formatted(servers, ProxyProcess.PORT));
        if (this.process.isStarted()) {
            reload();
        } else {
            String folder = this.process.folder().toString();
            this.process.start("nginx", "-e", "stderr", "-p", folder, "-c", FILE);
        }
    }

    private void reload() {
        Set<Long> before = this.process.children();
        this.process.reload();
        this.process.await("has new workers", () -> !before.containsAll(this.process.children()));
    }

    @Override
    public void awaitRouted(int pods) {
        // In force since route() returned.
    }

    @Override
    public void close() {
        this.process.close();
    }
}

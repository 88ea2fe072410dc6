// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/** The httpGet hook of Kubernetes as it is on the wire: a GET without any other way to identify the client. */
final class KubeletHook {

    private KubeletHook() {}

    /** What the kubelet sends. */
    static String request(String path) {
        return "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: kube-lifecycle/1.34\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                .formatted(path);
    }

    /** One call, to its response. */
    static RawResponse call(RawClient client, String path) {
        return client.exchange((connection) -> connection.write(request(path)).read());
    }
}

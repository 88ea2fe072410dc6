// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import java.util.List;

/**
 * The cluster that kubectl would use.
 *
 * @param name the name of the context; empty if there is none
 * @param server its address
 */
record Context(String name, String server) {

    private static final String KIND = "kind-";

    /** The archive of an image, in a command that loads one. */
    private static final String SINGLE_NODE_SOCKET = "/var/lib/drain-single-node/containerd.sock";

    /** Whether this is the cluster that may be used. */
    boolean isConfirmed(String confirmed) {
        return !this.name.isEmpty() && this.name.equals(confirmed);
    }

    /** What to say when it is not. */
    String question() {
        return this.name.isEmpty()
                ? "kubectl has no current context. See 'kubectl config get-contexts', or cluster/single-node."
                : "The current context of kubectl is '%s' (%s). Nothing was done. To run there: -Dcluster.confirm=%s"
                        .formatted(this.name, this.server, this.name);
    }

    /**
     * The command that loads an archive, without the archive.
     *
     * @throws IllegalArgumentException if there is none for this context and images are not pushed either
     */
    List<String> loadCommand(Settings settings) {
        if (!settings.load().isEmpty() || !settings.registry().isEmpty()) {
            return settings.load();
        }
        if (this.name.startsWith(KIND)) {
            return List.of("kind", "load", "image-archive", "--name", this.name.substring(KIND.length()));
        }
        if (this.name.equals("minikube")) {
            return List.of("minikube", "image", "load");
        }
        if (this.name.equals("single-node")) {
            return List.of("ctr", "--address", SINGLE_NODE_SOCKET, "--namespace", "k8s.io", "images", "import");
        }
        throw new IllegalArgumentException(
                "How does an image reach '%s'? Set -Dcluster.registry=<host/path> to push it there, or -Dcluster.load=<command> to load an archive, as 'k3s ctr images import'"
                        .formatted(this.name));
    }
}

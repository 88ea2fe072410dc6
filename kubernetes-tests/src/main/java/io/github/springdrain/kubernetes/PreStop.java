// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the kubelet does to a container before it sends SIGTERM. */
enum PreStop {

    /** Nothing. */
    NONE {

        @Override
        List<String> command(Pod pod, Duration limit) {
            return List.of("true");
        }
    },

    /** {@code sleep}: time passes, and the application knows nothing. */
    SLEEP {

        @Override
        List<String> command(Pod pod, Duration limit) {
            return List.of("sleep", Long.toString(Strategy.DELAY.toSeconds()));
        }
    },

    /** {@code exec}: a command inside the pod that posts to the drain endpoint and waits. */
    EXEC {

        @Override
        List<String> command(Pod pod, Duration limit) {
            return pod.inside(
                    curl(limit, "-X", "POST", "http://localhost:" + Pod.MANAGEMENT_PORT + "/actuator/drain/wait"));
        }
    },

    /** {@code httpGet}: a plain GET from the node, by the kubelet itself. */
    HTTP_GET {

        @Override
        List<String> command(Pod pod, Duration limit) {
            String url = "http://%s:%d/actuator/drain/prestop".formatted(pod.address(), Pod.MANAGEMENT_PORT);
            return pod.onNode(curl(limit, "-A", "kube-lifecycle/1.34", url));
        }
    };

    /** The command that is the hook's doing; it ends with 0 when the hook did what it is for. */
    abstract List<String> command(Pod pod, Duration limit);

    private static List<String> curl(Duration limit, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("curl", "-sS", "-f", "--max-time", Long.toString(Math.max(1, limit.toSeconds()))));
        command.addAll(List.of(arguments));
        return command;
    }
}

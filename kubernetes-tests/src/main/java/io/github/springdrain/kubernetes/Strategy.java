// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.time.Duration;
import java.util.List;

/** The ways of taking a pod out of service that are compared. */
enum Strategy {

    /** The starter, started by SIGTERM alone. */
    STARTER("starter, no preStop", PreStop.NONE, true),

    /** The starter, started by an exec hook. */
    STARTER_EXEC("starter, preStop exec", PreStop.EXEC, true),

    /** The starter, started by an httpGet hook. */
    STARTER_HTTP_GET("starter, preStop httpGet", PreStop.HTTP_GET, true),

    /** Plain Spring Boot with the preStop sleep that its documentation recommends. */
    BOOT_SLEEP("Spring Boot, preStop sleep", PreStop.SLEEP, false),

    /** Plain Spring Boot, which shuts down gracefully by default: the control. */
    BOOT("Spring Boot, no preStop", PreStop.NONE, false);

    /** Longer than the endpoint controller takes for the removal of a pod: announce delay or preStop sleep. */
    static final Duration DELAY = Duration.ofSeconds(4);

    private static final List<String> STARTER_ARGUMENTS = List.of(
            "--server.drain.announce.delay=" + DELAY.toMillis() + "ms",
            "--server.drain.timeout=20s",
            "--server.drain.prestop.http-get=true",
            "--server.drain.kubernetes.termination-grace-period=" + Kubelet.GRACE_PERIOD.toSeconds() + "s");

    private final String label;

    private final PreStop preStop;

    private final boolean starter;

    Strategy(String label, PreStop preStop, boolean starter) {
        this.label = label;
        this.preStop = preStop;
        this.starter = starter;
    }

    /** What people call it. */
    String label() {
        return this.label;
    }

    /** Its hook. */
    PreStop preStop() {
        return this.preStop;
    }

    /** Whether no request may fail. */
    boolean isStarter() {
        return this.starter;
    }

    /** The arguments of the application. */
    List<String> arguments() {
        return this.starter ? STARTER_ARGUMENTS : List.of("--server.drain.enabled=false");
    }
}

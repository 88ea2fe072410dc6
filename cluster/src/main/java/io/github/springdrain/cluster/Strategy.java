// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

/** The ways of taking a pod out of service that are compared. */
enum Strategy {

    /** The starter, started by SIGTERM alone. */
    STARTER("starter, no hook", true),

    /** The starter, started by an exec hook. */
    STARTER_EXEC("starter, exec hook", true),

    /** The starter, started by an httpGet hook. */
    STARTER_HTTP_GET("starter, httpGet hook", true),

    /** Plain Spring Boot with the preStop sleep that its documentation recommends. */
    BOOT_SLEEP("Spring Boot, preStop sleep", false),

    /** Plain Spring Boot, which shuts down gracefully by default: the control. */
    BOOT("Spring Boot, no preStop", false);

    private final String label;

    private final boolean starter;

    Strategy(String label, boolean starter) {
        this.label = label;
        this.starter = starter;
    }

    /** What people call it. */
    String label() {
        return this.label;
    }

    /** Whether no request may fail. */
    boolean isStarter() {
        return this.starter;
    }
}

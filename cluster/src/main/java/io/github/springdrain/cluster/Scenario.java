// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

/** What happens to pods. */
enum Scenario {

    /** Three replicas are replaced by new ones. */
    ROLLING_UPDATE("rolling update of three", true),

    /** Four of five replicas go at the same time. */
    SCALE_DOWN("scale from five to one", true),

    /** Every pod is evicted, as {@code kubectl drain} does, under a PodDisruptionBudget. */
    EVICTION("eviction of every pod", true),

    /** The only replica goes before the next one comes, so that all endpoints terminate. */
    RECREATE("Recreate with one replica", false),

    /** A pod is deleted with a grace period of a second. */
    SHORT_GRACE("deletion with --grace-period=1", false),

    /** A pod is deleted with force. */
    FORCED("deletion with --force", false),

    /** A container ends and is started again in its pod. */
    RESTART("restart of a container in its pod", false),

    /** A rolling update whose pods fail to start after their server has started. */
    FAILED_START("rolling update to pods that fail to start", true),

    /** A rolling update with half a processor for each pod. */
    THROTTLED("rolling update with a CPU limit of 0.5", true),

    /** A rolling update with little memory for each pod. */
    LOW_MEMORY("rolling update near the memory limit", true),

    /** Rolling updates of pods that satisfy the Pod Security level "restricted". */
    HARDENED("rolling update of restricted pods", true);

    private final String label;

    private final boolean promised;

    Scenario(String label, boolean promised) {
        this.label = label;
        this.promised = promised;
    }

    /** What people call it. */
    String label() {
        return this.label;
    }

    /** Whether no request may fail with the starter. */
    boolean isPromised() {
        return this.promised;
    }
}

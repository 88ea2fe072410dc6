// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Variant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Three replicas of one variant, behind one way into the cluster and under steady load. Used by one thread; everything
 * is gone when it is closed.
 */
final class Rollout implements AutoCloseable {

    /** How many pods there are. */
    static final int REPLICAS = 3;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final Deployment deployment;

    private final Load load;

    private List<Strategy> strategies;

    private LoadTally before;

    private Rollout(Variant variant, Entry entry, List<Strategy> strategies) {
        this.strategies = strategies;
        try {
            Network network = opened(Network.open());
            DataPath path = opened(entry.open(network));
            EndpointController endpoints = opened(new EndpointController(path));
            this.deployment = opened(new Deployment(variant, new Kubelet(network), endpoints));
            this.deployment.start(strategies);
            path.awaitRouted(REPLICAS);
            this.load = opened(Load.start(network, path));
            this.before = this.load.settle();
        } catch (RuntimeException | AssertionError ex) {
            close();
            throw ex;
        }
    }

    /** Starts three pods that will be taken out of service so, and the load. */
    static Rollout begin(Variant variant, Entry entry, List<Strategy> strategies) {
        return new Rollout(variant, entry, strategies);
    }

    /** Replaces all pods by pods that will be taken out of service as {@code next} says. */
    Stage roll(List<Strategy> next) {
        Stage stage = observe(this.strategies, () -> this.deployment.roll(next));
        this.strategies = next;
        return stage;
    }

    /** Deletes all pods but the last, one after the other. */
    Stage scaleIn() {
        List<Strategy> leaving = this.strategies.subList(0, REPLICAS - 1);
        return observe(leaving, () -> this.deployment.scaleIn(leaving.size()));
    }

    private Stage observe(List<Strategy> leaving, Supplier<List<Termination>> action) {
        List<Termination> ends = action.get();
        LoadTally after = this.load.settle();
        Stage stage = new Stage(leaving, after.since(this.before), ends);
        this.before = after;
        return stage;
    }

    private <T extends AutoCloseable> T opened(T part) {
        this.parts.push(part);
        return part;
    }

    /** Ends the load first and the network last. */
    @Override
    public void close() {
        while (!this.parts.isEmpty()) {
            try {
                this.parts.pop().close();
            } catch (Exception ex) {
                System.err.println("Cannot be removed, the next run will: " + ex);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;

/**
 * What a contract is held against.
 *
 * @param variant the sample that is run
 * @param tls whether its clients speak TLS
 */
record Target(Variant variant, boolean tls) {

    /** The switch that makes the sample plain Spring Boot: the control of every comparison. */
    static final String DRAIN_OFF = "--server.drain.enabled=false";

    /** On a loaded machine clients may be later with their first request than the default allows, and lose it by that. */
    static final String PATIENT = "--server.drain.connections.first-request-grace=8s";

    /**
     * Whether all runs everywhere: with TLS also the controls that show with it what they have shown without, and on each line
     * of Spring Boot also the contracts that another line shows for the container.
     */
    private static final boolean FULL = Boolean.getBoolean("contract.full");

    /** The sample with the drain at work, run as an image. */
    SampleProcess.Builder sample() {
        return SampleProcess.of(this.variant).tls(this.tls).image(true);
    }

    /** The sample as plain Spring Boot. */
    SampleProcess.Builder control() {
        return sample().with(DRAIN_OFF);
    }

    /** Whether plain Spring Boot on this container is sure to lose this. */
    boolean loses(Loss loss) {
        return this.variant.loses(loss);
    }

    /** Skips a control where plain Spring Boot on this container has nothing to lose. */
    void assumeLoses(Loss loss) {
        assumeTrue(loses(loss), () -> "%s is not sure to lose %s without the drain".formatted(this.variant.id(), loss));
    }

    /** Whether a control runs that TLS would change nothing in. */
    boolean hasCommonControls() {
        return !this.tls || FULL;
    }

    /** Skips a control that TLS would change nothing in where clients speak TLS. */
    void assumeCommonControl() {
        assumeTrue(hasCommonControls(), "Shown without TLS; with it by -Dcontract.full=true");
    }

    /**
     * Skips what the container decides on, where another line of Spring Boot shows it: the newest one shows it without TLS, the
     * oldest one with it.
     */
    Target oncePerContainer() {
        List<Variant> lines = this.variant.lines();
        Variant shows = lines.get(this.tls ? 0 : lines.size() - 1);
        assumeTrue(
                FULL || shows == this.variant, () -> "Shown on %s; here by -Dcontract.full=true".formatted(shows.id()));
        return this;
    }

    /** Puts a measured figure into the log of the test run. */
    void print(String figure) {
        System.out.printf("[%s%s] %s%n", this.variant.id(), this.tls ? " TLS" : "", figure);
    }
}

package io.github.springdrain.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a contract is held against.
 *
 * @param variant the sample that is run
 * @param tls whether its clients speak TLS
 */
record Target(Variant variant, boolean tls) {

    /** The switch that makes the sample plain Spring Boot: the control of every comparison. */
    static final String DRAIN_OFF = "--server.drain.enabled=false";

    /** The sample with the drain at work, run from its jar where its clients speak TLS and as an image where not. */
    SampleProcess.Builder sample() {
        return SampleProcess.of(this.variant).tls(this.tls).image(!this.tls);
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

    /** Puts a measured figure into the log of the test run. */
    void print(String figure) {
        System.out.printf("[%s%s] %s%n", this.variant.id(), this.tls ? " TLS" : "", figure);
    }
}

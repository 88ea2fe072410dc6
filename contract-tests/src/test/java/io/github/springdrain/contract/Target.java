package io.github.springdrain.contract;

/**
 * What a contract is held against.
 *
 * @param variant the sample that is run
 * @param tls whether its clients speak TLS
 */
record Target(Variant variant, boolean tls) {

    /** The switch that makes the sample plain Spring Boot: the control of every comparison. */
    static final String DRAIN_OFF = "--server.drain.enabled=false";

    /** The sample with the drain at work. */
    SampleProcess.Builder sample() {
        return SampleProcess.of(this.variant).tls(this.tls);
    }

    /** The sample as plain Spring Boot. */
    SampleProcess.Builder control() {
        return sample().with(DRAIN_OFF);
    }

    /** Puts a measured figure into the log of the test run. */
    void print(String figure) {
        System.out.printf("[%s%s] %s%n", this.variant.id(), this.tls ? " TLS" : "", figure);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** New connections at full rate across the closing of the listener, over loopback. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class StormContract {

    private static final int CLIENTS = 16;

    private static final int RESPONSES_FIRST = 6 * CLIENTS;

    private static final int CYCLES = 10;

    /** With TLS a closing takes longer, and what the kernel does at one is the same. */
    private static final int TLS_CYCLES = 4;

    /** What it takes at most until plain Spring Boot has lost something. */
    private static final int CONTROL_CYCLES = 50;

    private final Target target;

    private CyclingServer server;

    private Storm storm;

    StormContract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void start() {
        this.server = CyclingServer.start(this.target.variant());
        this.storm = new ConnectStorm(client(), CLIENTS, Duration.ZERO);
    }

    @AfterAll
    void stop() {
        this.storm.close();
        this.server.close();
    }

    @Test
    void noConnectionIsLostAcrossManyClosings() {
        ClosingCycles cycles = run("", closings(), Target.PATIENT);
        assertThat(cycles.tally().lost()).isZero();
        assertThat(cycles.tally().count(Outcome.UNAVAILABLE_503)).isZero();
        assertThat(cycles.tally().count(Outcome.REFUSED)).isPositive();
    }

    @Test
    void connectionsAreLostWithoutTheDrain() {
        this.target.assumeCommonControl();
        ClosingCycles cycles = ClosingCycles.untilLoss(
                CONTROL_CYCLES, this.server, this.storm, RESPONSES_FIRST, arguments(Target.DRAIN_OFF));
        print(" without the drain", cycles);
        assertThat(cycles.tally().lost()).isPositive();
    }

    /** Opens the context, has the client ask the endpoint, and closes the context. */
    final RawResponse status() {
        this.server.open(arguments());
        try {
            return client().get("/actuator/drain");
        } finally {
            this.server.closeContext();
        }
    }

    final ClosingCycles run(String how, int count, String... settings) {
        ClosingCycles cycles = ClosingCycles.run(count, this.server, this.storm, RESPONSES_FIRST, arguments(settings));
        print(how, cycles);
        return cycles;
    }

    private void print(String how, ClosingCycles cycles) {
        this.target.print("storm of %d clients%s: %s".formatted(CLIENTS, how, cycles));
    }

    private int closings() {
        return Integer.getInteger("contract.closings", this.target.tls() ? TLS_CYCLES : CYCLES);
    }

    private List<String> arguments(String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        if (this.target.tls()) {
            arguments.addAll(TlsMaterial.serverArguments());
        }
        return arguments;
    }

    private RawClient client() {
        return this.target.tls()
                ? RawClient.tls("localhost", this.server.port())
                : RawClient.plain("localhost", this.server.port());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What clients of a shared port see of everything but a hand-over: a drain that is resumed, a process that leaves although
 * it only stands by, one that is killed, and one that nobody takes over from.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class SharedPortRolesContract {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final int CLIENTS = 8;

    private final Target target;

    private @Nullable LoadTally resumed;

    private @Nullable LoadTally left;

    private @Nullable LoadTally killed;

    private @Nullable LoadTally afterwards;

    private List<String> phases = List.of();

    private String standByLog = "";

    private String lastLog = "";

    private Outcome last = Outcome.COMPLETE;

    SharedPortRolesContract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void play() {
        int port = Ports.free();
        try (RemoteLoad load = RemoteLoad.of(
                        List.of(), "127.0.0.1", port, Transport.PLAIN, CLIENTS, CLIENTS, Duration.ofMillis(20));
                SampleProcess first = start(port, "50s");
                SampleProcess standBy = start(port, "0s")) {
            RawClient management = first.managementClient();
            this.resumed = during(load, () -> {
                String begun = phase(management.post("/actuator/drain"));
                first.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
                load.awaitServed(load.tally().count(Outcome.COMPLETE) + CLIENTS, LIMIT);
                this.phases = List.of(begun, phase(management.delete("/actuator/drain")));
                first.output().await((line) -> line.contains("Drain RUNNING: resumed"), LIMIT);
            });
            this.left = during(load, () -> {
                standBy.terminate();
                standBy.awaitExit(LIMIT);
            });
            this.standByLog = standBy.output().text();
            try (SampleProcess next = start(port, "0s")) {
                this.killed = during(load, first::close);
                this.afterwards = during(load, () -> {});
                next.terminate();
                next.awaitExit(LIMIT);
                this.lastLog = next.output().text();
                this.last = RawClient.plain("127.0.0.1", port).get("/hello").outcome();
            }
        }
        this.target.print("shared port: resumed %s; the stand-by left %s; the first was killed %s; afterwards %s"
                .formatted(
                        Objects.requireNonNull(this.resumed).format(),
                        Objects.requireNonNull(this.left).format(),
                        Objects.requireNonNull(this.killed).format(),
                        Objects.requireNonNull(this.afterwards).format()));
    }

    private static String phase(RawResponse status) {
        return Json.text(status, "$.phase");
    }

    private static LoadTally during(RemoteLoad load, Runnable event) {
        load.begin();
        load.awaitServed(2 * CLIENTS, LIMIT);
        event.run();
        load.awaitServed(load.tally().count(Outcome.COMPLETE) + 2 * CLIENTS, LIMIT);
        return load.end();
    }

    private SampleProcess start(int port, String delay) {
        return this.target
                .sample()
                .on(List.of(), port)
                .with(
                        "--server.drain.reuse-port=true",
                        "--management.server.port=0",
                        "--server.drain.announce.delay=" + delay,
                        "--server.drain.timeout=60s")
                .start();
    }

    @Test
    void clientsNoticeNothingOfADrainThatIsResumed() {
        assertThat(this.phases).containsExactly("ANNOUNCED", "RUNNING");
        assertUnnoticed(this.resumed);
    }

    @Test
    void clientsNoticeNothingWhenAProcessLeavesThatStandsBy() {
        assertUnnoticed(this.left);
        assertThat(this.standByLog)
                .contains("is served by another listener; standing by until it leaves")
                .contains("handed over to another listener");
    }

    /** What the killed one had accepted is lost, at most once for each client; the port refuses nobody. */
    @Test
    void theNextOneServesWhenTheFirstIsKilled() {
        LoadTally tally = Objects.requireNonNull(this.killed);
        assertThat(tally.count(Outcome.REFUSED)).as(tally.format()).isZero();
        assertThat(tally.lost()).as(tally.format()).isLessThanOrEqualTo(2 * CLIENTS);
        assertUnnoticed(this.afterwards);
    }

    @Test
    void newClientsAreRefusedWhenNobodyTakesOver() {
        assertThat(this.last).isEqualTo(Outcome.REFUSED);
        assertThat(this.lastLog)
                .contains("Drain report: drain graceful")
                .doesNotContain("handed over to another listener");
    }

    private static void assertUnnoticed(@Nullable LoadTally tally) {
        LoadTally seen = Objects.requireNonNull(tally);
        assertThat(seen.lost()).as(seen.format()).isZero();
        assertThat(seen.count(Outcome.REFUSED)).as(seen.format()).isZero();
    }
}

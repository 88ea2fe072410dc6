// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What clients of a shared port see of everything but a hand-over: a drain that is resumed, a process that leaves although
 * it only stands by, one that hangs while it does, one that is killed, and one that nobody takes over from. The control has
 * no steering, so that each process gets its share, and clients see what becomes of either. Plain Spring Boot can be no
 * control: it does not listen on a port that is taken.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class SharedPortRolesContract {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final int CLIENTS = 8;

    /** By chance, the kernel gives all of them to one of two processes once in 2 to the power of this. */
    private static final int SAMPLES = 32;

    private static final String[] STEERED = {};

    private static final String[] UNSTEERED = {
        "--server.drain.accept-queue.gate=off", "--server.drain.accept-queue.timeout=500ms"
    };

    private final Target target;

    private @Nullable LoadTally resumed;

    private @Nullable LoadTally left;

    private @Nullable LoadTally hung;

    private @Nullable LoadTally killed;

    private @Nullable LoadTally last;

    private @Nullable LoadTally hungUnsteered;

    private List<String> phases = List.of();

    /** What the process that stands by got of {@link #SAMPLES} new clients: before the drain, in it, when it was resumed. */
    private final List<Long> shares = new ArrayList<>();

    private long shareUnsteered;

    private String standByLog = "";

    private String lastLog = "";

    SharedPortRolesContract(Target target) {
        this.target = target;
    }

    @BeforeAll
    void play() {
        playSteered(Ports.free());
        playUnsteered(Ports.free());
        this.target.print(
                "shared port: resumed %s; the stand-by left %s; it hung %s, and without steering %s; the first was killed %s; the last left %s"
                        .formatted(
                                format(this.resumed),
                                format(this.left),
                                format(this.hung),
                                format(this.hungUnsteered),
                                format(this.killed),
                                format(this.last)));
    }

    private void playSteered(int port) {
        try (RemoteLoad load = load(port);
                SampleProcess first = start(port, "50s", STEERED);
                SampleProcess standBy = start(port, "0s", STEERED)) {
            RawClient management = first.managementClient();
            this.shares.add(share(port, first, standBy));
            this.resumed = during(load, () -> {
                String begun = phase(management.post("/actuator/drain"));
                first.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
                // The phase is said before its steps are taken.
                await().atMost(LIMIT).until(() -> share(port, first, standBy) > 0);
                this.shares.add(share(port, first, standBy));
                load.awaitServed(load.tally().count(Outcome.COMPLETE) + CLIENTS, LIMIT);
                this.phases = List.of(begun, phase(management.delete("/actuator/drain")));
                first.output().await((line) -> line.contains("Drain RUNNING: resumed"), LIMIT);
                this.shares.add(share(port, first, standBy));
            });
            this.left = during(load, () -> {
                standBy.terminate();
                standBy.awaitExit(LIMIT);
            });
            this.standByLog = standBy.output().text();
            try (SampleProcess hanging = start(port, "0s", STEERED)) {
                this.hung = during(load, () -> {
                    hanging.signal("STOP");
                    load.awaitServed(load.tally().count(Outcome.COMPLETE) + 4 * CLIENTS, LIMIT);
                    kill(hanging);
                });
            }
            try (SampleProcess next = start(port, "0s", STEERED)) {
                this.killed = during(load, () -> kill(first));
                this.last = endOf(load, () -> {
                    next.terminate();
                    next.awaitExit(LIMIT);
                    await().atMost(LIMIT).until(() -> load.tally().count(Outcome.REFUSED) > 0);
                });
                this.lastLog = next.output().text();
            }
        }
    }

    private void playUnsteered(int port) {
        try (RemoteLoad load = load(port);
                SampleProcess first = start(port, "0s", UNSTEERED);
                SampleProcess other = start(port, "0s", UNSTEERED)) {
            this.shareUnsteered = share(port, first, other);
            this.hungUnsteered = endOf(load, () -> {
                other.signal("STOP");
                // Those that it had accepted before are not there.
                Backlog.await(port, CLIENTS / 4, LIMIT);
                kill(other);
            });
        }
    }

    private static RemoteLoad load(int port) {
        return RemoteLoad.of(List.of(), "127.0.0.1", port, Transport.PLAIN, CLIENTS, CLIENTS, Duration.ofMillis(20));
    }

    private static String phase(RawResponse status) {
        return Json.text(status, "$.phase");
    }

    private static void kill(SampleProcess process) {
        process.signal("KILL");
        process.awaitExit(LIMIT);
    }

    private static LoadTally during(RemoteLoad load, Runnable event) {
        return endOf(load, () -> {
            event.run();
            load.awaitServed(load.tally().count(Outcome.COMPLETE) + 2 * CLIENTS, LIMIT);
        });
    }

    private static LoadTally endOf(RemoteLoad load, Runnable event) {
        load.begin();
        load.awaitServed(2 * CLIENTS, LIMIT);
        event.run();
        return load.end();
    }

    /** Of so many new clients, how many the second process gets; what is counted is a request that no other client makes. */
    private static long share(int port, SampleProcess first, SampleProcess second) {
        long before = counted(first) + counted(second);
        long beforeOfSecond = counted(second);
        RawClient client = RawClient.plain("127.0.0.1", port);
        for (int i = 0; i < SAMPLES; i++) {
            assertThat(client.get("/slow?ms=0").outcome()).isEqualTo(Outcome.COMPLETE);
        }
        // Counted when the response is there already.
        await().atMost(LIMIT).until(() -> counted(first) + counted(second) == before + SAMPLES);
        return counted(second) - beforeOfSecond;
    }

    private static long counted(SampleProcess process) {
        RawResponse response = process.managementClient().get("/actuator/metrics/http.server.requests?tag=uri:/slow");
        return (response.status() == 404)
                ? 0
                : (long) Double.parseDouble(Json.text(response, "$.measurements[0].value"));
    }

    private SampleProcess start(int port, String delay, String... more) {
        return this.target
                .sample()
                .on(List.of(), port)
                .with(
                        "--server.drain.reuse-port=true",
                        "--management.server.port=0",
                        "--server.drain.announce.delay=" + delay,
                        "--server.drain.timeout=60s")
                .with(more)
                .start();
    }

    @Test
    void newClientsGetToTheFirstAndWhileItsDrainIsAnnouncedToTheOneThatStandsBy() {
        assertThat(this.shares).containsExactly(0L, (long) SAMPLES, 0L);
    }

    @Test
    void withoutSteeringNewClientsGetToEither() {
        assertThat(this.shareUnsteered).isBetween(1L, SAMPLES - 1L);
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

    @Test
    void clientsNoticeNothingWhenAProcessHangsThatStandsBy() {
        assertUnnoticed(this.hung);
    }

    @Test
    void withoutSteeringClientsAreLostWhenTheOtherProcessHangs() {
        LoadTally tally = Objects.requireNonNull(this.hungUnsteered);
        assertThat(tally.lost()).as(tally.format()).isPositive();
    }

    /**
     * What the killed one had accepted is lost; the port refuses nobody. A process that dies closes one socket after the
     * other, so that a client may get to its listener once more.
     */
    @Test
    void theNextOneServesWhenTheFirstIsKilled() {
        LoadTally tally = Objects.requireNonNull(this.killed);
        assertThat(tally.count(Outcome.REFUSED)).as(tally.format()).isZero();
        assertThat(tally.lost()).as(tally.format()).isLessThanOrEqualTo(4 * CLIENTS);
    }

    /** The control of all that refuse nobody, too. */
    @Test
    void newClientsAreRefusedAndNoneIsLostWhenNobodyTakesOver() {
        LoadTally tally = Objects.requireNonNull(this.last);
        assertThat(tally.count(Outcome.REFUSED)).as(tally.format()).isPositive();
        assertThat(tally.lost()).as(tally.format()).isZero();
        assertThat(this.lastLog)
                .contains("Drain report: drain graceful")
                .doesNotContain("handed over to another listener");
    }

    private static void assertUnnoticed(@Nullable LoadTally tally) {
        LoadTally seen = Objects.requireNonNull(tally);
        assertThat(seen.lost()).as(seen.format()).isZero();
        assertThat(seen.count(Outcome.REFUSED)).as(seen.format()).isZero();
    }

    private static String format(@Nullable LoadTally tally) {
        return Objects.requireNonNull(tally).format();
    }
}

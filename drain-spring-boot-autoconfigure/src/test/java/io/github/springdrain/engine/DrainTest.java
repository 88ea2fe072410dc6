// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainStatus;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.RequestSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The course of a drain, in fake time. */
class DrainTest extends FakeTimeDrain {

    @Test
    void runsEveryPhaseInOrderAndAsksTheServerForEachStep() {
        DrainReport report = drainNow();
        assertThat(this.seen)
                .containsExactly(
                        "ANNOUNCED",
                        "EMPTYING_ACCEPT_QUEUE",
                        "CLOSED_TO_NEW",
                        "FINISHING",
                        "DRAINED",
                        "report GRACEFUL");
        assertThat(this.server.calls).containsExactly("announce", "emptyAcceptQueue", "closeListeners", "closeIdle");
        assertThat(report.acceptQueue().rescued()).isEqualTo(3);
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.DRAINED);
    }

    @Test
    void waitsForRequestsInServiceAndNamesNoneOfThem() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(SECOND.multipliedBy(7), () -> this.server.ends("slow"));
        DrainReport report = drainNow();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isBetween(SECOND.multipliedBy(7), Duration.ofMillis(7050));
        assertThat(report.requestsCompleted()).isEqualTo(1);
        assertThat(report.aborted()).isEmpty();
    }

    @Test
    void abortsWhatIsLeftBeforeTheDeadlineAndNamesIt() {
        this.server.opens("endless", ConnectionState.IN_SERVICE);
        DrainReport report = drainNow();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.duration()).isLessThanOrEqualTo(DrainSettings.DEFAULTS.timeout());
        assertThat(report.aborted())
                .singleElement()
                .satisfies((connection) -> assertThat(connection.requests())
                        .singleElement()
                        .extracting(RequestSnapshot::path)
                        .isEqualTo("/endless"));
        assertThat(this.server.calls).endsWith("abort");
        assertThat(this.seen).contains("FORCING").endsWith("DRAINED", "report FORCED");
    }

    @Test
    void lingeringConnectionsHoldTheEnd() {
        this.server.lingering = 1;
        this.time.at(SECOND.multipliedBy(2), () -> this.server.lingering = 0);
        assertThat(drainNow().duration()).isGreaterThanOrEqualTo(SECOND.multipliedBy(2));
    }

    @Test
    void whatWaitsOnlyForThePeersEndHoldsNothing() {
        this.server.opens("responded", ConnectionState.CLOSING);
        assertThat(drainNow().duration()).isLessThan(SECOND);
    }

    @Test
    void requestsThatAreNoWorkHoldNothingAndAreSparedByForce() {
        this.drain.workIs((request) -> !request.path().startsWith("/actuator"));
        this.server.opens("actuator", ConnectionState.IN_SERVICE);
        assertThat(drainNow().duration()).isLessThan(SECOND);
        assertThat(this.server.open).containsKey("actuator");
    }

    @Test
    void triggersThatComeLaterJoinWithTheSameDeadlineAndReport() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        List<DrainHandle> joined = new ArrayList<>();
        this.time.at(SECOND, () -> joined.add(this.drain.start(DrainTrigger.ENDPOINT)));
        this.time.at(SECOND.multipliedBy(2), () -> this.server.ends("slow"));
        DrainHandle run = this.drain.start(DrainTrigger.PRESTOP);
        assertThat(joined).containsExactly(run);
        assertThat(this.drain.start(DrainTrigger.CONTEXT_CLOSE)).isSameAs(run);
        assertThat(reportOf(run).trigger()).isEqualTo(DrainTrigger.PRESTOP);
        assertThat(this.seen.stream().filter("ANNOUNCED"::equals)).hasSize(1);
    }

    @Test
    void statusDoesNotLookAtConnectionsWhileTheDrainDoes() throws InterruptedException {
        AtomicInteger looking = new AtomicInteger();
        AtomicInteger collisions = new AtomicInteger();
        CountDownLatch scans = new CountDownLatch(50);
        DrainEngine real = new DrainEngine(DrainSettings.DEFAULTS);
        real.attach(new ScriptedServer() {

            @Override
            public List<ConnectionSnapshot> connections() {
                if (looking.incrementAndGet() > 1) {
                    collisions.incrementAndGet();
                }
                Thread.onSpinWait();
                looking.decrementAndGet();
                scans.countDown();
                return (scans.getCount() > 0) ? List.of(connection(ConnectionState.IN_SERVICE, "/")) : List.of();
            }
        });
        DrainHandle run = real.start(DrainTrigger.ENDPOINT);
        while (scans.getCount() > 0) {
            real.status();
        }
        assertThat(run.awaitReport()).isTrue();
        assertThat(collisions).hasValue(0);
    }

    @Test
    void participantsArePreparedAwaitedAndForced() {
        List<String> asked = new ArrayList<>();
        this.drain.addParticipant(new DrainParticipant() {

            @Override
            public String name() {
                return "consumer";
            }

            @Override
            public void prepare(Duration remaining) {
                asked.add("prepare");
            }

            @Override
            public boolean isActive(Duration remaining) {
                return true;
            }

            @Override
            public void force() {
                asked.add("force");
            }
        });
        DrainReport report = drainNow();
        assertThat(asked).containsExactly("prepare", "force");
        assertThat(report.participantsAborted()).containsExactly("consumer");
    }

    @Test
    void statusShowsThePhaseTheDeadlineAndTheCounts() {
        this.server.opens("a", ConnectionState.IN_SERVICE);
        this.server.opens("b", ConnectionState.IN_SERVICE);
        assertThat(this.drain.status().trigger()).isNull();
        List<DrainStatus> statuses = new ArrayList<>();
        this.time.at(SECOND, () -> statuses.add(this.drain.status()));
        this.time.at(SECOND, () -> this.server.open.clear());
        drainNow();
        DrainStatus status = statuses.get(0);
        assertThat(status.phase()).isEqualTo(DrainPhase.FINISHING);
        assertThat(status.connections()).containsEntry(ConnectionState.IN_SERVICE, 2);
        assertThat(status.remaining()).isEqualTo(Duration.ofSeconds(24));
        assertThat(this.drain.status().report()).isNotNull();
    }
}

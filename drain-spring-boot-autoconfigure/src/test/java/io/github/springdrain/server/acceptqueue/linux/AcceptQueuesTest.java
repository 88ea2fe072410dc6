// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.server.DrainClock;
import io.github.springdrain.server.GateLevel;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.testing.FakeTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of emptying a queue, with a kernel and a time that the test makes up. */
class AcceptQueuesTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final long INODE = 70;

    private static final int FD = 5;

    private final FakeListener listener = new FakeListener(8080);

    private final FakeSocketCalls calls = new FakeSocketCalls();

    private final FakeTime time = new FakeTime();

    private FakeProc fake;

    @BeforeEach
    void create(@TempDir Path root) {
        this.fake = new FakeProc(root);
        own(0, 1);
    }

    @Test
    void isCompleteAtOnceWithNothingWaiting() {
        AcceptQueueOutcome outcome = prepare(deviceGate()).empty(TIMEOUT, QUIET);
        assertThat(outcome).isEqualTo(new AcceptQueueOutcome(GateLevel.DEVICE_GATE.name(), "", 0, 0, 0, true, false));
        assertThat(this.time.elapsed()).isLessThan(Duration.ofMillis(10));
    }

    @Test
    void waitsForHandshakesAndForTheQueue() {
        own(2, 5);
        this.time.at(Duration.ofMillis(40), () -> own(3, 4));
        this.time.at(Duration.ofMillis(80), () -> own(0, 1));
        AcceptQueueOutcome outcome = prepare(deviceGate()).empty(TIMEOUT, QUIET);
        assertThat(outcome.complete()).isTrue();
        assertThat(this.time.elapsed()).isBetween(Duration.ofMillis(80), Duration.ofMillis(100));
    }

    @Test
    void reportsWhatIsLeftAtTheLimit() {
        own(3, 8);
        this.fake.listening("00000000:1F91", 71, 5, 9);
        AcceptQueueOutcome outcome = prepare(deviceGate()).empty(TIMEOUT, QUIET);
        assertThat(outcome).isEqualTo(new AcceptQueueOutcome(GateLevel.DEVICE_GATE.name(), "", 0, 4, 3, false, false));
        assertThat(this.time.elapsed()).isBetween(TIMEOUT, TIMEOUT.plusMillis(200));
    }

    /** As with many handshakes of TLS on few threads: what a gate holds back comes to an end. */
    @Test
    void goesOnBehindAGateWhileConnectionsAreAccepted() {
        own(3, 1);
        acceptedAt(Duration.ofSeconds(2), 2);
        acceptedAt(Duration.ofSeconds(4), 1);
        acceptedAt(Duration.ofSeconds(6), 0);
        AcceptQueueOutcome outcome = prepare(deviceGate()).empty(TIMEOUT, QUIET, TIMEOUT.multipliedBy(4));
        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.notAccepted()).isZero();
        assertThat(this.time.elapsed()).isBetween(Duration.ofSeconds(6), Duration.ofMillis(6200));
    }

    @Test
    void goesOnBehindAGateUntilNothingIsAcceptedForAsLong() {
        own(3, 1);
        acceptedAt(Duration.ofSeconds(2), 2);
        AcceptQueueOutcome outcome = prepare(deviceGate()).empty(TIMEOUT, QUIET, TIMEOUT.multipliedBy(4));
        assertThat(outcome.complete()).isFalse();
        assertThat(outcome.notAccepted()).isEqualTo(2);
        assertThat(this.time.elapsed()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5400));
    }

    @Test
    void goesOnBehindAGateForTheLongestTimeAtMost() {
        own(3, 1);
        acceptedAt(Duration.ofSeconds(2), 2);
        AcceptQueueOutcome outcome = prepare(deviceGate()).empty(TIMEOUT, QUIET, Duration.ofSeconds(4));
        assertThat(outcome.notAccepted()).isEqualTo(2);
        assertThat(this.time.elapsed()).isBetween(Duration.ofSeconds(4), Duration.ofMillis(4400));
    }

    private void acceptedAt(Duration moment, int left) {
        this.time.at(moment, () -> {
            this.listener.accepted++;
            own(left, 1);
        });
    }

    @Test
    void countsWhatWasAcceptedFromTheGateOn() {
        this.listener.accepted = 100;
        own(2, 3);
        AcceptQueues queues = prepare(deviceGate());
        this.listener.accepted = 110;
        this.time.at(Duration.ofMillis(20), () -> {
            this.listener.accepted = 112;
            own(0, 1);
        });
        assertThat(queues.empty(TIMEOUT, QUIET).rescued()).isEqualTo(2);
    }

    @Test
    void waitsForTheAcceptorToHandOnWhatItTook() {
        this.listener.waiting = false;
        this.time.at(Duration.ofMillis(100), () -> this.listener.waiting = true);
        assertThat(prepare(deviceGate()).empty(TIMEOUT, QUIET).complete()).isTrue();
        assertThat(this.time.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void doesNotWaitLongForAnAcceptorThatIsStuck() {
        this.listener.waiting = false;
        assertThat(prepare(deviceGate()).empty(TIMEOUT, QUIET).complete()).isFalse();
        assertThat(this.time.elapsed()).isBetween(Duration.ofMillis(200), Duration.ofMillis(250));
    }

    @Test
    void looksAgainAfterTheAcceptorIsBack() {
        this.listener.waiting = false;
        this.time.at(Duration.ofMillis(50), () -> {
            this.listener.waiting = true;
            own(1, 2);
        });
        this.time.at(Duration.ofMillis(150), () -> own(0, 1));
        assertThat(prepare(deviceGate()).empty(TIMEOUT, QUIET).complete()).isTrue();
        assertThat(this.time.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void gatesEveryListenerBeforeItWaitsForAny() {
        own(1, 2);
        this.fake.listening("00000000:1F91", 71, 0, 1).descriptor(6, 71);
        AcceptQueues queues = deviceGate().prepare(List.of(this.listener, new FakeListener(8081)), this.time);
        this.time.at(Duration.ofNanos(1), () -> {
            assertThat(this.calls.set).containsExactly("device 5", "device 6");
            own(0, 1);
        });
        assertThat(queues.empty(TIMEOUT, QUIET).complete()).isTrue();
        assertThat(this.calls.set).hasSize(2);
    }

    @Test
    void stepsBackWhenTheBackEndIsLost() {
        AcceptQueues queues = prepare(deviceGate());
        this.calls.refusing = true;
        AcceptQueueOutcome outcome = queues.empty(TIMEOUT, QUIET);
        assertThat(outcome.level()).isEqualTo(GateLevel.QUEUE_OBSERVED.name());
        assertThat(outcome.note()).isEqualTo("Port 8080: no device gate: SO_BINDTOIFINDEX refused");
        assertThat(outcome.complete()).isTrue();
        assertThat(this.time.elapsed()).isGreaterThanOrEqualTo(QUIET);
    }

    @Test
    void stepsBackWhenTheOptionDoesNotStick() {
        this.calls.pretending = true;
        AcceptQueueOutcome outcome = prepare(bothGates()).empty(TIMEOUT, QUIET);
        assertThat(outcome.level()).isEqualTo(GateLevel.SYN_FILTER.name());
        assertThat(outcome.note()).contains("was set to 2147483647 and reads 0");
        assertThat(this.calls.set).containsExactly("device 5", "filter 5");
    }

    @Test
    void setsTheGateOnlyOnce() {
        AcceptQueues queues = prepare(deviceGate());
        queues.empty(TIMEOUT, QUIET);
        assertThat(queues.empty(TIMEOUT, QUIET).level()).isEqualTo(GateLevel.DEVICE_GATE.name());
        assertThat(this.calls.set).containsExactly("device 5");
    }

    @Test
    void leavesADescriptorAloneThatBelongsToAnotherSocket() {
        AcceptQueues queues = prepare(deviceGate());
        this.fake.descriptor(FD, 99);
        AcceptQueueOutcome outcome = queues.empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).isEmpty();
        assertThat(outcome.level()).isEqualTo(GateLevel.QUIET_PERIOD.name());
    }

    @Test
    void looksAtTheDescriptorAgainJustBeforeItSetsTheGate() {
        List<String> notes = new ArrayList<>();
        this.fake.descriptor(FD, 99);
        GateLevel level =
                deviceGate().set(new ListenSockets.Descriptor(INODE, FD), EnumSet.allOf(Gate.class), notes::add);
        assertThat(level).isEqualTo(GateLevel.QUEUE_OBSERVED);
        assertThat(this.calls.set).isEmpty();
        assertThat(notes).containsExactly("its descriptor 5 was closed before the gate was set");
    }

    @Test
    void doesNotTakeAListenerForClosedThatTheKernelSkipped() {
        AcceptQueues queues = prepare(deviceGate());
        this.time.at(Duration.ofNanos(1), () -> this.fake.closed(INODE));
        this.time.at(Duration.ofMillis(50), () -> own(0, 1));
        assertThat(queues.empty(TIMEOUT, QUIET).complete()).isTrue();
        assertThat(this.time.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void isCompleteWhenTheListenerIsClosedMeanwhile() {
        own(0, 2);
        AcceptQueues queues = prepare(deviceGate());
        this.time.at(Duration.ofMillis(50), () -> this.fake.closed(INODE).descriptor(FD, 99));
        assertThat(queues.empty(TIMEOUT, QUIET).complete()).isTrue();
    }

    @Test
    void findsAListenerThatWasOpenedAgain() {
        AcceptQueues queues = prepare(deviceGate());
        this.fake.closed(INODE).descriptor(FD, 99);
        this.fake.listening(FakeProc.WILDCARD_8080, 80, 0, 1).descriptor(9, 80);
        assertThat(queues.empty(TIMEOUT, QUIET).level()).isEqualTo(GateLevel.DEVICE_GATE.name());
        assertThat(this.calls.set).containsExactly("device 9");
    }

    @Test
    void steersToASuccessorThatCameAfterTheAnnouncementAndThenSetsTheGate() {
        AcceptQueues queues = prepare(steeringGate());
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1);
        AcceptQueueOutcome outcome = queues.empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).containsExactly("steer 5 to 1", "device 5");
        assertThat(outcome).isEqualTo(new AcceptQueueOutcome(GateLevel.DEVICE_GATE.name(), "", 0, 0, 0, true, true));
        assertThat(this.time.elapsed()).isBetween(Duration.ofMillis(5), Duration.ofMillis(20));
    }

    @Test
    void steersFromTheAnnouncementOnAndBackOnResume() {
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1);
        AcceptQueues queues = prepare(steeringGate());
        assertThat(this.calls.set).containsExactly("steer 5 to 1");
        queues.takeBack();
        assertThat(this.calls.set).containsExactly("steer 5 to 1", "steer 5 to 0");
    }

    @Test
    void leavesNewClientsToTheFirstWhenItLeavesAsAStandBy() {
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1);
        ListenerGate gate = steeringGate();
        assertThat(gate.standBy(this.listener)).isTrue();
        prepare(gate).empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).containsExactly("steer 5 to 0", "steer 5 to 0", "steer 5 to 0", "device 5");
    }

    @Test
    void emptiesAsEverWhenTheSuccessorHasGone() {
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1);
        AcceptQueues queues = prepare(steeringGate());
        this.fake.closed(71);
        assertThat(queues.empty(TIMEOUT, QUIET).handedOver()).isFalse();
        assertThat(this.calls.set).containsExactly("steer 5 to 1", "device 5");
    }

    @Test
    void needsNoSecondForCookiesWhenItSteers() {
        this.fake.synCookies(2, 0);
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1);
        AcceptQueueOutcome outcome = prepare(steeringGate()).empty(TIMEOUT, QUIET);
        assertThat(outcome.level()).isEqualTo(GateLevel.DEVICE_GATE.name());
        assertThat(this.time.elapsed()).isLessThan(Duration.ofMillis(20));
    }

    @Test
    void setsTheGateAndSaysSoWhereItCannotSteer() {
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1);
        AcceptQueueOutcome outcome = prepare(deviceGate()).empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).containsExactly("device 5");
        assertThat(outcome.handedOver()).isTrue();
        assertThat(outcome.note())
                .isEqualTo("Port 8080: another listener has its address, and new clients cannot be steered there before"
                        + " it closes (it was not tried)");
    }

    @Test
    void saysThatItCannotSteerWhereThereIsNoGateEither() {
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1);
        ListenerGate gate = new ListenerGate(
                this.fake.proc(),
                GateLevel.QUEUE_OBSERVED,
                "",
                Map.of(),
                ListenerGate.Steering.none("the gate is switched off"));
        AcceptQueueOutcome outcome = prepare(gate).empty(TIMEOUT, QUIET);
        assertThat(outcome.handedOver()).isTrue();
        assertThat(outcome.note())
                .isEqualTo("Port 8080: another listener has its address, and new clients cannot be steered there before"
                        + " it closes (the gate is switched off)");
    }

    @Test
    void needsNoQuietPeriodWithoutAGateWhenItSteers() {
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1);
        ListenerGate gate = new ListenerGate(
                this.fake.proc(), GateLevel.QUEUE_OBSERVED, "", Map.of(), ListenerGate.Steering.by(this.calls));
        assertThat(prepare(gate).empty(TIMEOUT, QUIET).complete()).isTrue();
        assertThat(this.time.elapsed()).isLessThan(Duration.ofMillis(20));
    }

    @Test
    void neverGatesAnotherListenerOfThisProcess() {
        FakeListener other = new FakeListener(8080);
        ListenerGate gate = steeringGate();
        gate.standBy(this.listener);
        this.fake.listening(FakeProc.WILDCARD_8080, 71, 0, 1).descriptor(6, 71);
        gate.standBy(other);
        this.calls.set.clear();
        prepare(gate).empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).containsExactly("steer 5 to 1", "steer 5 to 1", "device 5");
    }

    @Test
    void doesNotTakeAnotherAddressOfThePortForASuccessor() {
        this.fake.listening("0100007F:1F90", 71, 0, 1);
        assertThat(prepare(deviceGate()).empty(TIMEOUT, QUIET).level()).isEqualTo(GateLevel.DEVICE_GATE.name());
    }

    @Test
    void givesHandshakesByCookieASecondBehindTheFilter() {
        AcceptQueues queues = prepare(bothGates());
        this.fake.synCookies(1, 3);
        AcceptQueueOutcome outcome = queues.empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).containsExactly("filter 5");
        assertThat(outcome.level()).isEqualTo(GateLevel.SYN_FILTER.name());
        assertThat(outcome.note()).contains("the kernel sent 3 SYN cookies lately");
        assertThat(this.time.elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1100));
    }

    @Test
    void looksForASecondWhetherCookiesThatWereSentBeforeTheDrainGoOn() {
        ListenerGate gate = bothGates();
        this.fake.synCookies(1, 3);
        AcceptQueues queues = prepare(gate);
        this.time.at(Duration.ofMillis(300), () -> this.fake.synCookies(1, 4));
        AcceptQueueOutcome outcome = queues.empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).containsExactly("filter 5");
        assertThat(outcome.note()).contains("the kernel sent 1 SYN cookies lately");
        assertThat(this.time.elapsed()).isBetween(Duration.ofMillis(1300), Duration.ofMillis(1400));
    }

    @Test
    void setsTheDeviceGateASecondAfterTheLastCookie() {
        ListenerGate gate = bothGates();
        this.fake.synCookies(1, 3);
        AcceptQueues queues = prepare(gate);
        this.time.pause(Duration.ofMillis(400).toNanos());
        AcceptQueueOutcome outcome = queues.empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).containsExactly("device 5");
        assertThat(outcome.level()).isEqualTo(GateLevel.DEVICE_GATE.name());
        assertThat(this.time.elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1100));
    }

    @Test
    void setsNoGateForHandshakesByCookieWithoutAFilter() {
        this.fake.synCookies(2, 0);
        AcceptQueueOutcome outcome = prepare(deviceGate()).empty(TIMEOUT, QUIET);
        assertThat(this.calls.set).isEmpty();
        assertThat(outcome.level()).isEqualTo(GateLevel.QUEUE_OBSERVED.name());
        assertThat(outcome.note()).contains("net.ipv4.tcp_syncookies is 2", "no SYN filter works here");
    }

    @Test
    void withoutAGateWaitsForAQuietPeriod() {
        this.time.at(Duration.ofMillis(700), () -> this.listener.accepted++);
        AcceptQueueOutcome outcome = prepare(noGate(GateLevel.QUEUE_OBSERVED)).empty(TIMEOUT, QUIET);
        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.rescued()).isEqualTo(1);
        assertThat(this.time.elapsed()).isBetween(Duration.ofMillis(1700), Duration.ofMillis(1800));
    }

    @Test
    void withoutAGateIsIncompleteWhileTrafficGoesOn() {
        for (int millis = 0; millis < 3500; millis += 100) {
            this.time.at(Duration.ofMillis(millis), () -> this.listener.accepted++);
        }
        AcceptQueueOutcome outcome = prepare(noGate(GateLevel.QUEUE_OBSERVED)).empty(TIMEOUT, QUIET);
        assertThat(outcome.complete()).isFalse();
        assertThat(this.time.elapsed()).isBetween(TIMEOUT, TIMEOUT.plusMillis(200));
    }

    @Test
    void withoutAGateWaitsForTheQueueBeyondTheQuietPeriod() {
        own(1, 2);
        this.time.at(Duration.ofMillis(1500), () -> own(0, 1));
        assertThat(prepare(noGate(GateLevel.QUEUE_OBSERVED))
                        .empty(TIMEOUT, QUIET)
                        .complete())
                .isTrue();
        assertThat(this.time.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void withoutAnyViewGoesByTheCountAlone() {
        own(1, 2);
        AcceptQueueOutcome outcome = prepare(noGate(GateLevel.QUIET_PERIOD)).empty(TIMEOUT, QUIET);
        assertThat(outcome).isEqualTo(new AcceptQueueOutcome(GateLevel.QUIET_PERIOD.name(), "", 0, 0, 0, true, false));
        assertThat(this.time.elapsed()).isBetween(QUIET, QUIET.plusMillis(100));
    }

    @Test
    void isCompleteWhenTheWholeTimeoutWasQuiet() {
        AcceptQueueOutcome outcome = prepare(noGate(GateLevel.QUIET_PERIOD)).empty(Duration.ofMillis(500), QUIET);
        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void goesByTheCountWhereTheListenerIsNotFound() {
        AcceptQueueOutcome outcome =
                deviceGate().prepare(List.of(new FakeListener(9999)), this.time).empty(TIMEOUT, QUIET);
        assertThat(outcome.level()).isEqualTo(GateLevel.QUIET_PERIOD.name());
        assertThat(outcome.note()).contains("Port 9999: it is not among the sockets this process listens on");
    }

    /** Without a file descriptor neither the tables can be read nor a connection accepted, however quiet it is. */
    @Test
    void doesNotTakeAQueueForEmptyThatItCannotSeeAnyMore() {
        AcceptQueues queues = prepare(deviceGate());
        this.fake.without("net/tcp");
        AcceptQueueOutcome outcome = queues.empty(TIMEOUT, QUIET);
        assertThat(outcome.level()).isEqualTo(AcceptQueueOutcome.UNKNOWN.level());
        assertThat(outcome.note()).contains("NoSuchFileException");
    }

    @Test
    void keepsToTheLimitWhenTheContainerFails() {
        GatedListener failing = new GatedListener() {

            @Override
            public java.net.InetSocketAddress address() {
                throw new IllegalStateException("not bound");
            }

            @Override
            public boolean isAcceptorWaiting() {
                throw new IllegalStateException("no acceptor");
            }

            @Override
            public long accepted() {
                throw new IllegalStateException("no count");
            }
        };
        AcceptQueueOutcome outcome =
                deviceGate().prepare(List.of(failing), this.time).empty(TIMEOUT, QUIET);
        assertThat(outcome.complete()).isFalse();
        assertThat(outcome.note()).contains("not bound", "no acceptor", "no count");
    }

    @Test
    void isCompleteWithoutListeners() {
        AcceptQueueOutcome outcome = deviceGate().prepare(List.of(), this.time).empty(TIMEOUT, QUIET);
        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void endsTheWaitWhenInterrupted() {
        own(1, 2);
        Thread.currentThread().interrupt();
        AcceptQueueOutcome outcome =
                deviceGate().prepare(List.of(this.listener), DrainClock.SYSTEM).empty(Duration.ofMinutes(10), QUIET);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome.level()).isEqualTo(GateLevel.DEVICE_GATE.name());
        assertThat(outcome.complete()).isFalse();
    }

    @Test
    void seesWhenTheKernelHasLetGoOfTheListeners() {
        this.fake.listening("00000000:1F91", 71, 0, 1);
        AcceptQueues queues = prepare(deviceGate());
        assertThat(queues.awaitClosed(QUIET)).isFalse();
        assertThat(this.time.elapsed()).isEqualTo(QUIET);
        this.time.at(Duration.ofMillis(1200), () -> this.fake.closed(INODE));
        assertThat(queues.awaitClosed(QUIET)).isTrue();
    }

    private void own(int queued, int references) {
        this.fake.listening(FakeProc.WILDCARD_8080, INODE, queued, references).descriptor(FD, INODE);
    }

    private AcceptQueues prepare(ListenerGate gate) {
        return gate.prepare(List.of(this.listener), this.time);
    }

    private ListenerGate deviceGate() {
        return new ListenerGate(this.fake.proc(), GateLevel.DEVICE_GATE, "", Map.of(Gate.DEVICE, this.calls));
    }

    private ListenerGate steeringGate() {
        return new ListenerGate(
                this.fake.proc(),
                GateLevel.DEVICE_GATE,
                "",
                Map.of(Gate.DEVICE, this.calls),
                ListenerGate.Steering.by(this.calls));
    }

    private ListenerGate bothGates() {
        Map<Gate, SocketCalls> gates = Map.of(Gate.DEVICE, this.calls, Gate.SYN_FILTER, this.calls);
        return new ListenerGate(this.fake.proc(), GateLevel.DEVICE_GATE, "", gates);
    }

    private ListenerGate noGate(GateLevel level) {
        return new ListenerGate(this.fake.proc(), level, "", Map.of());
    }
}

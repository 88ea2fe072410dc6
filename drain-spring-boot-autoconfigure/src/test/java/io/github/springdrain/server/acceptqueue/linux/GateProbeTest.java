// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.springdrain.server.GateLevel;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledOnOs(OS.LINUX)
class GateProbeTest {

    @Test
    @EnabledForJreRange(minVersion = ForeignSocketCalls.SINCE)
    void findsTheDeviceGateByTheForeignFunctionApi() {
        ListenerGate gate = ListenerGate.probe(Mode.AUTO);
        assertThat(gate.reason()).isEqualTo("Set by the foreign function API");
        assertThat(gate.level()).isEqualTo(GateLevel.DEVICE_GATE);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void findsTheDeviceGateByJnaOnOlderJava() {
        ListenerGate gate = ListenerGate.probe(Mode.AUTO);
        assertThat(gate.reason()).isEqualTo("Set by JNA");
        assertThat(gate.level()).isEqualTo(GateLevel.DEVICE_GATE);
    }

    @Test
    void findsTheDeviceGateByJnaOnAnyJava() {
        assertThat(probe(Mode.DEVICE, named("JNA")).level()).isEqualTo(GateLevel.DEVICE_GATE);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void neverThrows(Mode mode) {
        assertThatNoException().isThrownBy(() -> ListenerGate.probe(mode));
    }

    @Test
    void findsTheSynFilterWhereTheKernelAllowsIt() {
        Privileges.assumeNetworkAdministrator();
        ListenerGate gate = ListenerGate.probe(Mode.SYN_FILTER);
        assertThat(gate.level()).as(gate.reason()).isEqualTo(GateLevel.SYN_FILTER);
    }

    @Test
    void saysWhyItIsTheFilterAndNotTheDeviceGate() {
        Privileges.assumeNetworkAdministrator();
        ListenerGate gate = probe(Mode.AUTO, backEnd("an old kernel", GateProbeTest::withoutDeviceGate));
        assertThat(gate.reason())
                .isEqualTo("Set by an old kernel; device gate by an old kernel: SO_BINDTOIFINDEX refused");
        assertThat(gate.level()).isEqualTo(GateLevel.SYN_FILTER);
    }

    @Test
    void goesWithoutAGateWhenItIsOff() {
        ListenerGate gate = ListenerGate.probe(Mode.OFF);
        assertThat(gate.level()).isEqualTo(GateLevel.QUEUE_OBSERVED);
        assertThat(gate.reason()).isEqualTo("The gate is switched off");
    }

    @Test
    void goesByTheServersCountWithoutProc(@TempDir Path empty) {
        ListenerGate gate = ListenerGate.probe(Mode.AUTO, new ProcSelf(empty.resolve("self")), BackEnd.ALL);
        assertThat(gate.level()).isEqualTo(GateLevel.QUIET_PERIOD);
        assertThat(gate.reason()).startsWith("The kernel's tables cannot be read: ");
    }

    @Test
    void namesForEveryBackEndWhyItCannotBeUsed() {
        ListenerGate gate = probe(
                Mode.DEVICE,
                backEnd("one", () -> {
                    throw new ClassNotFoundException("is absent");
                }),
                backEnd("two", () -> {
                    throw new UnsatisfiedLinkError("libc: symbol not found\nin the second line");
                }),
                backEnd("three", () -> {
                    throw new IllegalCallerException("Illegal native access");
                }));
        assertThat(gate.level()).isEqualTo(GateLevel.QUEUE_OBSERVED);
        assertThat(gate.reason())
                .isEqualTo("No gate: one: is absent; two: libc: symbol not found; "
                        + "three: native access is denied; --enable-native-access=ALL-UNNAMED allows it");
    }

    @Test
    void triesTheNextBackEndAfterOneThatIsRefused() {
        FakeSocketCalls refused = new FakeSocketCalls();
        refused.refusing = true;
        ListenerGate gate = probe(Mode.AUTO, backEnd("refused", () -> refused), named("JNA"));
        assertThat(gate.level()).isEqualTo(GateLevel.DEVICE_GATE);
        assertThat(gate.reason()).isEqualTo("Set by JNA");
    }

    @Test
    void doesNotBelieveAKernelThatSaysYesAndDoesNothing() {
        FakeSocketCalls pretending = new FakeSocketCalls();
        pretending.pretending = true;
        ListenerGate gate = probe(Mode.DEVICE, backEnd("sandbox", () -> pretending));
        assertThat(gate.level()).isEqualTo(GateLevel.QUEUE_OBSERVED);
        assertThat(gate.reason())
                .isEqualTo("No gate: device gate by sandbox: SO_BINDTOIFINDEX was set to 2147483647 and reads 0");
    }

    @Test
    void doesNotBelieveAnOptionThatReadsBackAndLetsConnectionsThrough() {
        FakeSocketCalls remembering = new FakeSocketCalls();
        ListenerGate gate = probe(Mode.AUTO, backEnd("sandbox", () -> remembering));
        assertThat(remembering.set)
                .filteredOn((call) -> !call.startsWith("steer"))
                .hasSize(2);
        assertThat(gate.level()).isEqualTo(GateLevel.QUEUE_OBSERVED);
        assertThat(gate.reason()).contains("a new connection of the self-test came through");
    }

    @Test
    void findsThatNewClientsCanBeSteered() {
        assertThat(probe(Mode.AUTO, named("JNA")).unsteerable()).isEmpty();
        assertThat(ListenerGate.probe(Mode.AUTO).unsteerable()).isEmpty();
    }

    @Test
    void doesNotBelieveAKernelThatSaysYesAndDoesNotSteer() {
        ListenerGate gate = probe(Mode.AUTO, backEnd("sandbox", FakeSocketCalls::new));
        assertThat(gate.unsteerable()).isPresent().get().asString().startsWith("sandbox: it was set, and a connection");
    }

    @Test
    void neverSteersWhenTheGateIsOff() {
        assertThat(ListenerGate.probe(Mode.OFF).unsteerable()).contains("the gate is switched off");
    }

    private static SocketCalls withoutDeviceGate() {
        SocketCalls filter = new JnaSocketCalls();
        FakeSocketCalls refusing = new FakeSocketCalls() {

            @Override
            public void attachSynFilter(int fd) throws IOException {
                filter.attachSynFilter(fd);
            }
        };
        refusing.refusing = true;
        return refusing;
    }

    private static ListenerGate probe(Mode mode, BackEnd... backEnds) {
        return ListenerGate.probe(mode, ProcSelf.SYSTEM, Arrays.asList(backEnds));
    }

    private static BackEnd backEnd(String name, Callable<SocketCalls> opener) {
        return new BackEnd(name, opener);
    }

    private static BackEnd named(String name) {
        List<BackEnd> found =
                BackEnd.ALL.stream().filter((it) -> it.name().equals(name)).toList();
        return found.get(0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate.Mode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;

/** What a JVM of its own finds under the options it was started with. */
@EnabledOnOs(OS.LINUX)
class GateProbeProcessTest {

    private static final List<Class<?>> WITHOUT_JNA = List.of(ListenerGate.class, ProbeMain.class);

    private static final List<Class<?>> WITH_JNA = List.of(ListenerGate.class, ProbeMain.class, Native.class);

    private static final String DENY = "--illegal-native-access=deny";

    private static final int DENY_SINCE = 24;

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void usesJnaOnOlderJava() throws IOException {
        assertThat(probe(Mode.AUTO, WITH_JNA)).isEqualTo("DEVICE_GATE Set by JNA");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void hasNoGateOnOlderJavaWithoutJna() throws IOException {
        assertThat(probe(Mode.AUTO, WITHOUT_JNA))
                .startsWith("QUEUE_OBSERVED No gate: the foreign function API: needs Java 22, this is Java ")
                .endsWith("; JNA: not on the class path; add net.java.dev.jna:jna, which the starter brings by itself");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void namesTheRemedyWhereTheNativePartOfJnaCannotBeLoaded() throws IOException {
        assertThat(probe(Mode.AUTO, WITH_JNA, "-Djna.nounpack=true", "-Djna.nosys=true"))
                .startsWith("QUEUE_OBSERVED No gate: ")
                .endsWith("; jna.tmpdir names a writable folder for its native part");
    }

    @Test
    @EnabledForJreRange(minVersion = ForeignSocketCalls.SINCE)
    void needsNeitherOptionsNorJnaOnNewerJava() throws IOException {
        assertThat(probe(Mode.AUTO, WITHOUT_JNA)).isEqualTo("DEVICE_GATE Set by the foreign function API");
    }

    @Test
    @EnabledForJreRange(minVersion = DENY_SINCE)
    void stepsBackWhereNativeAccessIsDenied() throws IOException {
        String denied = ": native access is denied; --enable-native-access=ALL-UNNAMED allows it";
        assertThat(probe(Mode.AUTO, WITH_JNA, DENY))
                .startsWith("QUEUE_OBSERVED No gate: the foreign function API" + denied)
                .endsWith("JNA" + denied);
    }

    private static String probe(Mode mode, List<Class<?>> classPath, String... options) throws IOException {
        try (ChildJvm child = ChildJvm.start(List.of(options), classPath, ProbeMain.class, mode.name())) {
            return child.line();
        }
    }
}

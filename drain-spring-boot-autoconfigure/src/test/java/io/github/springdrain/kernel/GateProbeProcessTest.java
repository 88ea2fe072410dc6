package io.github.springdrain.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.github.springdrain.kernel.ListenerGate.Mode;
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

    private static final String OPENS = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";

    private static final String DENY = "--illegal-native-access=deny";

    private static final int DENY_SINCE = 24;

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void usesTheJdksOwnSetterWhereThePackageIsOpenedOnOlderJava() throws IOException {
        assertThat(probe(Mode.AUTO, WITH_JNA, OPENS)).isEqualTo("L1 Set by the JDK's option setter");
    }

    @Test
    @EnabledForJreRange(minVersion = DENY_SINCE)
    void usesTheJdksOwnSetterWhereThePackageIsOpenedAndNativeAccessDenied() throws IOException {
        assertThat(probe(Mode.AUTO, WITH_JNA, OPENS, DENY)).isEqualTo("L1 Set by the JDK's option setter");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void cannotSetAFilterByTheJdksOwnSetter() throws IOException {
        assertThat(probe(Mode.SYN_FILTER, WITHOUT_JNA, OPENS))
                .startsWith("L3 ")
                .contains("SYN filter by the JDK's option setter: takes numbers only");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void hasNoGateOnOlderJavaWithoutJna() throws IOException {
        assertThat(probe(Mode.AUTO, WITHOUT_JNA))
                .startsWith("L3 No gate: the foreign function API: needs Java 22, this is Java ")
                .endsWith("; the JDK's option setter: needs --add-opens java.base/sun.nio.ch=ALL-UNNAMED"
                        + "; JNA: not on the class path");
    }

    @Test
    @EnabledForJreRange(minVersion = ForeignSocketCalls.SINCE)
    void needsNeitherOptionsNorJnaOnNewerJava() throws IOException {
        assertThat(probe(Mode.AUTO, WITHOUT_JNA)).isEqualTo("L1 Set by the foreign function API");
    }

    @Test
    @EnabledForJreRange(minVersion = DENY_SINCE)
    void stepsBackWhereNativeAccessIsDenied() throws IOException {
        String denied = ": native access is denied; --enable-native-access=ALL-UNNAMED allows it";
        assertThat(probe(Mode.AUTO, WITH_JNA, DENY))
                .startsWith("L3 No gate: the foreign function API" + denied)
                .endsWith("JNA" + denied);
    }

    private static String probe(Mode mode, List<Class<?>> classPath, String... options) throws IOException {
        try (ChildJvm child = ChildJvm.start(List.of(options), classPath, ProbeMain.class, mode.name())) {
            return child.line();
        }
    }
}

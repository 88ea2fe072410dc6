package io.github.springdrain.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;

/** What a JVM of its own finds under the options it was started with. */
@EnabledOnOs(OS.LINUX)
class GateProbeProcessTest {

    private static final String OPENS = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";

    private static final String DENY = "--illegal-native-access=deny";

    @Test
    void usesTheJdksOwnSetterWhereThePackageIsOpenedOnOlderJava() throws Exception {
        List<String> options = isForeignFunctionApiThere() ? List.of(OPENS, DENY) : List.of(OPENS);
        assertThat(probe(ListenerGate.Mode.AUTO, withJna(), options)).isEqualTo("L1 Set by the JDK's option setter");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void hasNoGateOnOlderJavaWithoutJna() throws Exception {
        assertThat(probe(ListenerGate.Mode.AUTO, withoutJna(), List.of()))
                .startsWith("L3 No gate: the foreign function API: needs Java 22, this is Java ")
                .endsWith("; the JDK's option setter: needs " + "--add-opens java.base/sun.nio.ch=ALL-UNNAMED"
                        + "; JNA: not on the class path");
    }

    @Test
    @EnabledForJreRange(minVersion = ForeignSocketCalls.SINCE)
    void needsNeitherOptionsNorJnaOnNewerJava() throws Exception {
        assertThat(probe(ListenerGate.Mode.AUTO, withoutJna(), List.of()))
                .isEqualTo("L1 Set by the foreign function API");
    }

    @Test
    @EnabledForJreRange(minVersion = 24)
    void stepsBackWhereNativeAccessIsDenied() throws Exception {
        String denied = ": native access is denied; --enable-native-access=ALL-UNNAMED allows it";
        assertThat(probe(ListenerGate.Mode.AUTO, withJna(), List.of(DENY)))
                .startsWith("L3 No gate: the foreign function API" + denied)
                .endsWith("JNA" + denied);
    }

    @Test
    void cannotSetAFilterByTheJdksOwnSetter() throws Exception {
        List<String> options = isForeignFunctionApiThere() ? List.of(OPENS, DENY) : List.of(OPENS);
        assertThat(probe(ListenerGate.Mode.SYN_FILTER, withoutJna(), options))
                .startsWith("L3 ")
                .contains("SYN filter by the JDK's option setter: takes numbers only");
    }

    private static boolean isForeignFunctionApiThere() {
        return Runtime.version().feature() >= 24;
    }

    private static String probe(ListenerGate.Mode mode, List<Path> classPath, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(Arrays.asList(
                "-cp",
                classPath.stream().map(Path::toString).collect(Collectors.joining(":")),
                ProbeMain.class.getName(),
                mode.name()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return output.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<Path> withJna() throws URISyntaxException {
        return Stream.concat(withoutJna().stream(), Stream.of(location(Native.class)))
                .toList();
    }

    private static List<Path> withoutJna() throws URISyntaxException {
        return List.of(location(ListenerGate.class), location(ProbeMain.class));
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.actuate.DrainDescriptor;
import io.github.springdrain.actuate.ReportDescriptor;
import io.github.springdrain.server.tomcat.DrainHttp11NioProtocol;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.MemberHint;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Whatever the library looks up by its name is there in a native image. */
class DrainRuntimeHintsTests {

    private static final RuntimeHints HINTS = hints();

    private static RuntimeHints hints() {
        RuntimeHints hints = new RuntimeHints();
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class)
                .stream()
                .filter((registrar) -> registrar.getClass().getName().startsWith("io.github.springdrain."))
                .forEach((registrar) -> registrar.registerHints(hints, DrainRuntimeHintsTests.class.getClassLoader()));
        return hints;
    }

    static List<ReflectiveClass> reflective() throws Exception {
        boolean foreign = Runtime.version().feature() >= 22;
        return ReflectiveClass.ofTheLibrary().stream()
                .filter((type) -> foreign || !type.toString().endsWith(".ForeignSocketCalls"))
                .toList();
    }

    @Test
    void knowsTheClassesThatReflect() throws Exception {
        assertThat(ReflectiveClass.ofTheLibrary())
                .extracting(ReflectiveClass::toString)
                .contains(
                        "io.github.springdrain.server.undertow.Internals",
                        "io.github.springdrain.server.acceptqueue.linux.ForeignSocketCalls",
                        "io.github.springdrain.spring.JdkSignalHandlers");
    }

    /** Where several types of those that a class names have such a member, one of them is the one that is meant. */
    @ParameterizedTest
    @MethodSource("reflective")
    void everyMemberThatAClassNamesHasAHint(ReflectiveClass type) {
        List<String> missing = new ArrayList<>();
        for (String name : type.names()) {
            List<Member> members = type.types().stream()
                    .flatMap((target) -> members(target, name))
                    .toList();
            if (!members.isEmpty() && members.stream().noneMatch(DrainRuntimeHintsTests::hasHint)) {
                missing.add(members.toString());
            }
        }
        assertThat(missing).as("without a hint, named by " + type).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("reflective")
    void everyNameThatIsLookedUpIsThatOfAMemberWithAHint(ReflectiveClass type) {
        assertThat(hintedNames()).containsAll(type.lookedUp());
    }

    private static Set<String> hintedNames() {
        return HINTS.reflection()
                .typeHints()
                .flatMap((hint) -> Stream.concat(
                        hint.fields().map(MemberHint::getName), hint.methods().map(MemberHint::getName)))
                .collect(Collectors.toSet());
    }

    private static Stream<Member> members(Class<?> type, String name) {
        return Stream.<Member>concat(Stream.of(type.getDeclaredFields()), Stream.of(type.getDeclaredMethods()))
                .filter((member) -> member.getName().equals(name));
    }

    private static boolean hasHint(Member member) {
        return (member instanceof Field field)
                ? RuntimeHintsPredicates.reflection().onField(field).test(HINTS)
                : RuntimeHintsPredicates.reflection()
                        .onMethod((Method) member)
                        .invoke()
                        .test(HINTS);
    }

    @Test
    void theContainerCreatesWhatItKnowsByName() {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(DrainHttp11NioProtocol.class)
                        .withMemberCategory(MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS))
                .accepts(HINTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.xnio.nio.NioTcpServer", "org.xnio.nio.QueuedNioTcpServer2"})
    void undertowsListenersCanBeMadeOfAnOpenSocket(String type) {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(TypeReference.of(type))
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .accepts(HINTS);
    }

    @Test
    void theEndpointsResponsesCanBeWritten() throws Exception {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethod(DrainDescriptor.class.getMethod("phase"))
                        .invoke())
                .accepts(HINTS);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethod(ReportDescriptor.class.getMethod("outcome"))
                        .invoke())
                .accepts(HINTS);
    }
}

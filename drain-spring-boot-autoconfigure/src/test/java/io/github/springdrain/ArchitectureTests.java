package io.github.springdrain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which package of the library may know what. */
class ArchitectureTests {

    private static final String ROOT = "io.github.springdrain";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** A package without a dot in front is the library's own. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''           | org.slf4j..
            kernel       | com.sun.jna..
            linger       |
            gate         | '' kernel org.slf4j..
            tomcat       | '' gate kernel linger org.slf4j.. org.apache.catalina.. org.apache.coyote.. org.apache.tomcat..
            jetty        | '' gate kernel linger org.slf4j.. org.eclipse.jetty..
            undertow     | '' gate kernel linger org.slf4j.. io.undertow.. org.xnio..
            netty        | '' gate kernel linger org.slf4j.. io.netty.. reactor.netty.. reactor.core..
            spring       | '' org.slf4j.. org.springframework..
            actuate      | '' org.slf4j.. org.springframework..
            mvc          | '' spring reactive org.springframework.. jakarta.servlet.. reactor.core..
            sockjs       | '' org.slf4j.. org.springframework..
            messaging    | org.springframework..
            reactive     | '' spring org.springframework.. org.reactivestreams.. reactor.core..
            work         | '' org.slf4j.. org.springframework..
            metrics      | '' io.micrometer..
            """)
    void knowsOnlyWhatItMay(String name, String allowed) {
        String[] packages = Stream.concat(
                        Stream.of("java..", "javax.net.ssl..", "org.jspecify..", own(name)),
                        Stream.ofNullable(allowed)
                                .flatMap((text) -> Stream.of(text.split(" ")))
                                .map((item) -> item.contains(".") ? item : own(item.replace("''", ""))))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(own(name))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true)
                .check(LIBRARY);
    }

    @Test
    void hasNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
    }

    @Test
    void nothingKnowsTheAutoConfigurations() {
        noClasses()
                .that()
                .resideOutsideOfPackage(own("autoconfigure") + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(own("autoconfigure") + "..")
                .check(LIBRARY);
    }

    @Test
    void theBindingsOfOneLineDoNotKnowTheOther() {
        noClasses()
                .that()
                .resideInAPackage(own("autoconfigure.boot3"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(own("autoconfigure.boot4"))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.boot.tomcat..",
                        "org.springframework.boot.jetty..",
                        "org.springframework.boot.reactor..")
                .check(LIBRARY);
        noClasses()
                .that()
                .resideInAPackage(own("autoconfigure.boot4"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(own("autoconfigure.boot3"))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.boot.web.embedded..")
                .check(LIBRARY);
    }

    /** The rest is loaded on both lines of Spring Boot, so it must not name what has moved between them. */
    @Test
    void onlyTheBindingsKnowWhatHasMoved() {
        noClasses()
                .that()
                .resideOutsideOfPackages(own("autoconfigure.boot3"), own("autoconfigure.boot4"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.boot.web.embedded..",
                        "org.springframework.boot.web.context..",
                        "org.springframework.boot.web.servlet.context..",
                        "org.springframework.boot.web.servlet.server..",
                        "org.springframework.boot.web.reactive..",
                        "org.springframework.boot.autoconfigure.web..",
                        "org.springframework.boot.actuate.health..",
                        "org.springframework.boot.actuate.autoconfigure.health..",
                        "org.springframework.boot.actuate.autoconfigure.metrics..",
                        "org.springframework.boot.tomcat..",
                        "org.springframework.boot.jetty..",
                        "org.springframework.boot.reactor..",
                        "org.springframework.boot.autoconfigure.kafka..",
                        "org.springframework.boot.autoconfigure.amqp..",
                        "org.springframework.boot.autoconfigure.jms..",
                        "com.fasterxml.jackson..")
                .check(LIBRARY);
    }

    private static String own(String name) {
        return name.isEmpty() ? ROOT : ROOT + "." + name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Which package of the library may know what, and what may be public. */
class ArchitectureTests {

    private static final String ROOT = "io.github.springdrain";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** A name without a dot at its end is a package of the library's own; {@code API} is the root. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            API                       | org.springframework.context.
            engine                    | API server org.slf4j.
            server                    | API
            server.acceptqueue        | API server server.acceptqueue.linux org.slf4j.
            server.acceptqueue.linux  | API server com.sun.jna.
            server.linger             | API server
            server.tomcat             | API server server.acceptqueue server.acceptqueue.linux server.adapter server.linger org.slf4j. org.apache.catalina. org.apache.coyote. org.apache.tomcat. jakarta.servlet.
            server.adapter            | API server server.acceptqueue server.acceptqueue.linux server.linger org.slf4j.
            server.jetty              | API server server.acceptqueue server.acceptqueue.linux server.adapter server.linger org.slf4j. org.eclipse.jetty.
            server.undertow           | API server server.acceptqueue server.acceptqueue.linux server.linger org.slf4j. io.undertow. org.xnio.
            server.netty              | API server server.acceptqueue server.acceptqueue.linux server.linger org.slf4j. io.netty. reactor.netty. reactor.core.
            spring                    | API engine server org.slf4j. org.springframework.
            spring.web.servlet        | API engine spring spring.web.reactive org.springframework. jakarta.servlet. reactor.core.
            spring.web.reactive       | API engine spring org.springframework. org.reactivestreams. reactor.core.
            spring.websocket          | API engine server spring org.slf4j. org.springframework.
            spring.task               | API spring org.slf4j. org.springframework. org.quartz.
            spring.messaging          | API org.slf4j. org.springframework. org.aopalliance. reactor.core.
            spring.cloud              | API spring org.slf4j. org.springframework.
            spring.grpc               | API server server.acceptqueue spring org.slf4j. org.springframework. io.grpc. com.google.protobuf.
            spring.rsocket            | org.slf4j. org.springframework.
            actuate                   | API org.slf4j. org.springframework.
            metrics                   | API server io.micrometer.
            """)
    void knowsOnlyWhatItMay(String name, String allowed) {
        String[] packages = Stream.concat(
                        Stream.of("java..", "javax.net.ssl..", "org.jspecify..", own(name)),
                        Stream.of(allowed.split(" ")).map((item) -> item.endsWith(".") ? item + "." : own(item)))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(own(name))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(LIBRARY);
    }

    @Test
    void hasNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".*..")
                .because("the API stands on its own")
                .check(LIBRARY);
    }

    @Test
    void onlySpringAndTheAutoConfigurationsKnowTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(own("engine"), own("spring") + "..", own("autoconfigure"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(own("engine"))
                .check(LIBRARY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            com.sun.jna.                  | server.acceptqueue.linux
            org.apache.catalina.          | server.tomcat
            org.apache.coyote.            | server.tomcat
            org.eclipse.jetty.            | server.jetty
            org.xnio.                     | server.undertow
            io.netty.                     | server.netty
            reactor.netty.                | server.netty
            io.micrometer.                | metrics
            org.springframework.kafka.    | spring.messaging
            org.springframework.amqp.     | spring.messaging
            org.springframework.jms.      | spring.messaging
            io.grpc.                      | spring.grpc
            org.springframework.grpc.     | spring.grpc
            org.springframework.boot.rsocket. | spring.rsocket
            org.springframework.messaging. | spring.websocket spring.messaging
            """)
    void anOptionalDependencyIsTouchedInOnePackage(String dependency, String names) {
        noClasses()
                .that()
                .resideOutsideOfPackages(Stream.concat(Stream.of(names.split(" ")), Stream.of("autoconfigure.."))
                        .map(ArchitectureTests::own)
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(dependency + ".")
                .check(LIBRARY);
    }

    /** What only its own package uses, and no user needs, is nobody else's business. */
    @Test
    void isPublicOnlyWhereAnotherPackageNeedsIt() {
        classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .and()
                .resideOutsideOfPackage(ROOT)
                .and(areNotFoundByName())
                .should(beUsedByAnotherPackage())
                .check(LIBRARY);
    }

    /** Spring Boot makes instances of these by their names, or reads them property by property. */
    private static DescribedPredicate<JavaClass> areNotFoundByName() {
        return DescribedPredicate.describe(
                "are not found by their names",
                (type) -> !type.isAnnotatedWith(AutoConfiguration.class)
                        && !type.isAnnotatedWith(ConfigurationProperties.class)
                        && !type.getSimpleName().endsWith("Descriptor")
                        && !type.getSimpleName().equals("package-info"));
    }

    private static ArchCondition<JavaClass> beUsedByAnotherPackage() {
        return new ArchCondition<>("be used by another package") {

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean used = type.getDirectDependenciesToSelf().stream()
                        .anyMatch((dependency) ->
                                !dependency.getOriginClass().getPackageName().equals(type.getPackageName()));
                events.add(new SimpleConditionEvent(type, used, type.getName() + " is public for nobody"));
            }
        };
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
        return name.equals("API") ? ROOT : ROOT + "." + name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainCustomizer;
import io.github.springdrain.DrainListener;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.spring.DrainEventPublisher;
import io.github.springdrain.spring.DrainLogger;
import io.github.springdrain.spring.DrainReadiness;
import io.github.springdrain.spring.DrainReportFile;
import io.github.springdrain.spring.StreamPolicy;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.type.MethodMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/** The beans of the library beside those of an application. */
class DrainBeansTests {

    private static final String IMPORTS =
            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DrainAutoConfiguration.class, DrainStreamsAutoConfiguration.class));

    @Test
    void everyNameBeginsWithDrainAndHasAnotherWord() throws IOException {
        assertThat(beanNames())
                .hasSizeGreaterThan(40)
                .allSatisfy((name) -> assertThat(name).matches("drain[A-Z].*"));
    }

    /** Spring Cloud Function takes such a bean for one of the application's, and Spring Cloud Stream binds it to a broker. */
    @Test
    void noBeanIsAFunction() throws IOException {
        assertThat(beanMethods())
                .filteredOn((method) -> isFunction(method.getReturnTypeName()))
                .extracting(MethodMetadata::getMethodName)
                .isEmpty();
    }

    private static boolean isFunction(String type) {
        ClassLoader classLoader = DrainBeansTests.class.getClassLoader();
        // Types of the other line of Spring Boot are not on the class path.
        return ClassUtils.isPresent(type, classLoader)
                && Stream.of(Function.class, Supplier.class, Consumer.class, BiFunction.class)
                        .anyMatch((kind) -> kind.isAssignableFrom(ClassUtils.resolveClassName(type, classLoader)));
    }

    @Test
    void anApplicationMayHaveABeanNamedDrainOfItsOwn() {
        this.runner
                .withBean("drain", String.class, () -> "sink")
                .run((context) -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Drain.class)
                        .getBean("drain")
                        .isEqualTo("sink"));
    }

    @ParameterizedTest
    @ValueSource(classes = {DrainLogger.class, DrainReportFile.class, DrainReadiness.class, DrainEventPublisher.class})
    void aListenerGivesWayToABeanOfItsName(Class<?> replaced) {
        String name = StringUtils.uncapitalize(replaced.getSimpleName());
        DrainListener own = new DrainListener() {};
        this.runner.withBean(name, DrainListener.class, () -> own).run((context) -> {
            assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(replaced)
                    .getBean(name)
                    .isSameAs(own);
        });
    }

    @Test
    void listenersAreThereWhereTheApplicationHasNone() {
        this.runner.run((context) -> assertThat(context)
                .hasSingleBean(DrainLogger.class)
                .hasSingleBean(DrainReportFile.class)
                .hasSingleBean(DrainReadiness.class)
                .hasSingleBean(DrainEventPublisher.class));
    }

    @Test
    void theLingeringCloserGivesWayToABeanOfItsName() {
        this.runner.run((context) -> {
            LingeringCloser own = context.getBean(LingeringCloser.class);
            this.runner
                    .withBean("drainLingeringCloser", LingeringCloser.class, () -> own)
                    .run((other) ->
                            assertThat(other).getBean(LingeringCloser.class).isSameAs(own));
        });
    }

    @Test
    void theStreamPolicyGivesWayToABeanOfItsName() {
        StreamPolicy own = new StreamPolicy(List.of(), null);
        this.runner
                .withBean("drainStreamPolicy", StreamPolicy.class, () -> own)
                .run((context) ->
                        assertThat(context).getBean(StreamPolicy.class).isSameAs(own));
    }

    @Test
    void customizersChangeTheSettingsOfThePropertiesInTheirOrder() {
        this.runner
                .withPropertyValues("server.drain.timeout=30s", "server.drain.connections.idle-grace=1s")
                .withBean("second", Second.class, Second::new)
                .withBean("first", First.class, First::new)
                .run((context) -> {
                    DrainSettings settings = context.getBean(DrainEngine.class).settings();
                    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(50));
                    assertThat(settings.announce().delay()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(settings.connections().idleGrace()).isEqualTo(Duration.ofSeconds(1));
                });
    }

    @Test
    void aCustomizerThatShortensTheTimeoutShortensTheDefaultDelay() {
        this.runner
                .withPropertyValues("spring.main.cloud-platform=kubernetes")
                .withBean(DrainCustomizer.class, () -> (settings) -> settings.timeout(Duration.ofSeconds(4)))
                .run((context) -> assertThat(context.getBean(DrainEngine.class)
                                .settings()
                                .announce()
                                .delay())
                        .isEqualTo(Duration.ofSeconds(2)));
    }

    @Test
    void aCustomizerThatSetsWhatIsNotAllowedIsNamed() {
        this.runner
                .withBean(DrainCustomizer.class, () -> (settings) -> settings.announceDelay(Duration.ofSeconds(25)))
                .run((context) -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (failure) -> {
                            assertThat(failure.getName()).isEqualTo("server.drain.announce.delay");
                            assertThat(failure.getReason())
                                    .contains("Set by a DrainCustomizer")
                                    .contains("less than the timeout of the whole drain, PT25S");
                        }));
    }

    private static List<String> beanNames() throws IOException {
        return beanMethods().stream().map(MethodMetadata::getMethodName).toList();
    }

    private static List<MethodMetadata> beanMethods() throws IOException {
        List<MethodMetadata> methods = new ArrayList<>();
        for (String autoConfiguration : ownImports()) {
            collect(autoConfiguration, methods);
        }
        return methods;
    }

    /** Read, and not loaded: some of them are for another line of Spring Boot. */
    private static void collect(String type, List<MethodMetadata> methods) throws IOException {
        MetadataReader reader = new SimpleMetadataReaderFactory().getMetadataReader(type);
        methods.addAll(reader.getAnnotationMetadata().getAnnotatedMethods(Bean.class.getName()));
        for (String member : reader.getClassMetadata().getMemberClassNames()) {
            collect(member, methods);
        }
    }

    private static Set<String> ownImports() throws IOException {
        Set<String> own = new TreeSet<>();
        for (URL url : Collections.list(DrainBeansTests.class.getClassLoader().getResources(IMPORTS))) {
            try (var content = url.openStream()) {
                Arrays.stream(new String(content.readAllBytes(), StandardCharsets.UTF_8).split("\\R"))
                        .filter((line) -> line.startsWith("io.github.springdrain."))
                        .forEach(own::add);
            }
        }
        return own;
    }

    @Order(1)
    static final class First implements DrainCustomizer {

        @Override
        public void customize(Settings settings) {
            settings.timeout(Duration.ofSeconds(40)).announceDelay(Duration.ofSeconds(3));
        }
    }

    @Order(2)
    static final class Second implements DrainCustomizer {

        @Override
        public void customize(Settings settings) {
            settings.timeout(Duration.ofSeconds(50));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.DrainCustomizer;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.spring.ClosingThread;
import io.github.springdrain.spring.DrainEventPublisher;
import io.github.springdrain.spring.DrainLifecycle;
import io.github.springdrain.spring.DrainLogger;
import io.github.springdrain.spring.DrainReadiness;
import io.github.springdrain.spring.DrainReportFile;
import io.github.springdrain.spring.DrainWiring;
import io.github.springdrain.spring.DrainWithoutServer;
import io.github.springdrain.spring.FailedStartUp;
import io.github.springdrain.spring.LastCloseListener;
import io.github.springdrain.spring.ReadinessPolicy;
import io.github.springdrain.spring.RequestOfThread;
import io.github.springdrain.spring.SecondSignal;
import io.github.springdrain.spring.StartUpNotice;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The drain of an application. Its server, if it has one, is attached by the auto-configuration of the container. */
@AutoConfiguration
@Conditional(DrainSwitch.OnCondition.class)
@EnableConfigurationProperties(DrainProperties.class)
public final class DrainAutoConfiguration {

    @Bean
    static AheadOfTimeSwitch drainAheadOfTimeSwitch(ApplicationContext context) {
        return new AheadOfTimeSwitch(context);
    }

    @Bean
    @ConditionalOnMissingBean(name = "drainEngine", search = SearchStrategy.CURRENT)
    DrainEngine drainEngine(
            DrainProperties properties,
            ObjectProvider<DrainCustomizer> customizers,
            ConfigurableApplicationContext context) {
        UnknownKeys.refuse(context.getEnvironment());
        DrainEnvironment environment = environment(context);
        DrainSettings settings = CustomizedSettings.of(
                properties.settings(environment), properties.announce().delay() == null, customizers.orderedStream());
        new GracePeriod(properties).requireFits(environment.budget(settings));
        return new DrainEngine(settings);
    }

    private static DrainEnvironment environment(ConfigurableApplicationContext context) {
        return new DrainEnvironment(context.getEnvironment(), context.getClassLoader());
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean(name = "drainLingeringCloser", search = SearchStrategy.CURRENT)
    @ConditionalOnProperty(name = "server.drain.linger.enabled", matchIfMissing = true)
    LingeringCloser drainLingeringCloser(DrainProperties properties) {
        return new LingeringCloser(properties.linger().limits());
    }

    @Bean
    @ConditionalOnBean(name = "drainLingeringCloser", search = SearchStrategy.CURRENT)
    LingerLifecycle drainLingerLifecycle(LingeringCloser closer) {
        return new LingerLifecycle(closer);
    }

    @Bean
    DrainLifecycle drainLifecycle(
            DrainEngine drain,
            ObjectProvider<DrainReadiness> readiness,
            ClosingThread closingThread,
            DrainProperties properties,
            ConfigurableApplicationContext context) {
        SecondSignal secondSignal =
                properties.forceOnSecondSignal() ? SecondSignal.forcing(drain) : SecondSignal.ignored();
        return new DrainLifecycle(
                drain,
                // An application that has put something else in its place has Boot's own readiness left as it is.
                readiness.getIfAvailable(() -> new DrainReadiness(ReadinessPolicy.IMMEDIATE, drain, context)),
                secondSignal,
                closingThread,
                environment(context).stopLimit(),
                context);
    }

    @Bean
    LastCloseListener drainLastCloseListener(
            DrainEngine drain, DrainProperties properties, ConfigurableApplicationContext context) {
        return new LastCloseListener(drain, properties.participants().exclude(), context);
    }

    @Bean
    ClosingThread drainClosingThread(DrainEngine drain, ObjectProvider<RequestOfThread> requests) {
        return new ClosingThread(drain, requests::getIfAvailable);
    }

    @Bean
    FailedStartUp drainFailedStartUp(DrainEngine drain, ConfigurableApplicationContext context) {
        return new FailedStartUp(drain, context);
    }

    @Bean
    @ConditionalOnMissingBean(name = "drainLogger", search = SearchStrategy.CURRENT)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    DrainLogger drainLogger() {
        return new DrainLogger();
    }

    @Bean
    @ConditionalOnMissingBean(name = "drainReportFile", search = SearchStrategy.CURRENT)
    @Order(Ordered.HIGHEST_PRECEDENCE + 1)
    DrainReportFile drainReportFile(DrainProperties properties, ConfigurableApplicationContext context) {
        String file = properties.report().file();
        if (file == null) {
            return new DrainReportFile(environment(context).reportFile());
        }
        return new DrainReportFile(file.isBlank() ? null : Path.of(file));
    }

    @Bean
    @ConditionalOnMissingBean(name = "drainReadiness", search = SearchStrategy.CURRENT)
    @Order(Ordered.HIGHEST_PRECEDENCE + 2)
    DrainReadiness drainReadiness(
            DrainProperties properties, DrainEngine drain, ConfigurableApplicationContext context) {
        return new DrainReadiness(properties.announce().readiness(), drain, context);
    }

    @Bean
    @ConditionalOnMissingBean(name = "drainEventPublisher", search = SearchStrategy.CURRENT)
    @Order(Ordered.HIGHEST_PRECEDENCE + 3)
    DrainEventPublisher drainEventPublisher(ConfigurableApplicationContext context) {
        return new DrainEventPublisher(context);
    }

    @Bean
    DrainWiring drainWiring(
            ConfigurableApplicationContext context,
            DrainEngine drain,
            ObjectProvider<DrainListener> listeners,
            ObjectProvider<DrainParticipant> participants) {
        return new DrainWiring(context.getBeanFactory(), drain, listeners, participants);
    }

    @Bean
    DrainWithoutServer drainWithoutServer(
            DrainEngine drain,
            DrainProperties properties,
            ObjectProvider<DrainCustomizer> customizers,
            ConfigurableApplicationContext context) {
        boolean delayIsWanted = properties.announce().delay() != null
                || customizers.stream().findAny().isPresent();
        return new DrainWithoutServer(drain, context, delayIsWanted);
    }

    @Bean
    StartUpNotice drainGracePeriodNotice(
            DrainEngine drain, DrainProperties properties, ConfigurableApplicationContext context) {
        DrainEnvironment environment = environment(context);
        return new StartUpNotice(context, () -> {
            boolean drained = drain.server().isDrained() && environment.isServingOnKubernetes();
            return drained ? new GracePeriod(properties).notice(environment.budget(drain.settings())) : null;
        });
    }

    @Bean
    StartUpNotice drainTimeLimitsNotice(
            DrainEngine drain, DrainProperties properties, ConfigurableApplicationContext context) {
        DrainEnvironment environment = environment(context);
        GracePeriod gracePeriod = new GracePeriod(properties);
        return StartUpNotice.warning(context, () -> {
            String warning = environment.timeLimits(properties.timeout()).warning(gracePeriod.isKnown());
            boolean enough = warning != null || !environment.isServingOnKubernetes();
            return enough ? warning : gracePeriod.warning(environment.budget(drain.settings()));
        });
    }

    /** What takes the classes of web servers, which an application without one may lack. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    @ConditionalOnClass(ConfigurableWebServerFactory.class)
    static class ServerConfiguration {

        @Bean
        StartUpNotice drainUnsupportedServerNotice(DrainEngine drain, ConfigurableApplicationContext context) {
            return new StartUpNotice(context, () -> unsupported(drain, context));
        }

        private static @Nullable String unsupported(DrainEngine drain, ConfigurableApplicationContext context) {
            if (drain.server().isDrained()) {
                return null;
            }
            String container = context.getBeansOfType(ConfigurableWebServerFactory.class).values().stream()
                    .map((factory) -> factory.getClass().getSimpleName())
                    .collect(Collectors.joining(", "));
            return "Drain does not support the container yet (%s): Spring Boot stops it as it does without the drain, and everything else is drained"
                    .formatted(container);
        }
    }
}

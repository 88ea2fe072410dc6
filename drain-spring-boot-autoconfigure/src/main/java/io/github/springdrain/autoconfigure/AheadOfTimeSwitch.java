// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.WebApplicationContext;

/**
 * Takes the drain, or its side of the containers, out of an application that was processed ahead of time and does
 * without it only now. Its conditions were evaluated when it was built, so the beans are there whatever the properties
 * say, and wherever it is deployed.
 */
final class AheadOfTimeSwitch implements BeanDefinitionRegistryPostProcessor {

    private static final String PACKAGE = AheadOfTimeSwitch.class.getPackageName() + ".";

    /** By names: one of the lines of Spring Boot is not there. */
    private static final Set<String> OF_SERVERS = Set.of(
            DrainServerAutoConfiguration.class.getName(),
            PACKAGE + "boot3.Boot3ServerAutoConfiguration",
            PACKAGE + "boot4.Boot4ServerAutoConfiguration");

    private final ApplicationContext context;

    AheadOfTimeSwitch(ApplicationContext context) {
        this.context = context;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        if (!AotDetector.useGeneratedArtifacts()) {
            return;
        }
        if (DrainSwitch.in(this.context.getEnvironment()) != DrainSwitch.ON) {
            removeDrain(registry);
        } else if (isDeployed(this.context)) {
            removeServers(registry);
        }
    }

    /** Every auto-configuration with what it declares, the properties and the customizers of the containers included. */
    static void removeDrain(BeanDefinitionRegistry registry) {
        remove(registry, AheadOfTimeSwitch::isOfDrain);
    }

    /** What binds the drain to a server that Spring Boot creates. */
    static void removeServers(BeanDefinitionRegistry registry) {
        remove(registry, AheadOfTimeSwitch::isOfServers);
    }

    private static void remove(BeanDefinitionRegistry registry, Predicate<String> removed) {
        for (String name : registry.getBeanDefinitionNames()) {
            BeanDefinition definition = registry.getBeanDefinition(name);
            if (matches(removed, definition.getFactoryBeanName()) || matches(removed, definition.getBeanClassName())) {
                registry.removeBeanDefinition(name);
            }
        }
    }

    private static boolean matches(Predicate<String> removed, @Nullable String name) {
        return name != null && removed.test(name);
    }

    private static boolean isOfDrain(String name) {
        return name.startsWith(PACKAGE) && !name.equals(AheadOfTimeSwitch.class.getName());
    }

    private static boolean isOfServers(String name) {
        return OF_SERVERS.stream().anyMatch((type) -> name.equals(type) || name.startsWith(type + "$"));
    }

    /** As {@code ConditionalOnNotWarDeployment} decides it: an embedded server has its servlet context later. */
    private static boolean isDeployed(ApplicationContext context) {
        return ClassUtils.isPresent("org.springframework.web.context.WebApplicationContext", context.getClassLoader())
                && Web.isDeployed(context);
    }

    /** Apart, since an application without a server may lack the class. */
    private static final class Web {

        static boolean isDeployed(ApplicationContext context) {
            return context instanceof WebApplicationContext web && web.getServletContext() != null;
        }
    }
}

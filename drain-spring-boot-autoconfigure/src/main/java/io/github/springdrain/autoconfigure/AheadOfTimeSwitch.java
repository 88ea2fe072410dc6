// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.env.Environment;

/**
 * Takes the drain out of an application that was processed ahead of time and does without it only now. Its
 * conditions were evaluated when it was built, so the beans are there whatever the properties say.
 */
final class AheadOfTimeSwitch implements BeanDefinitionRegistryPostProcessor {

    private static final String PACKAGE = AheadOfTimeSwitch.class.getPackageName() + ".";

    private final Environment environment;

    AheadOfTimeSwitch(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        if (AotDetector.useGeneratedArtifacts() && DrainSwitch.in(this.environment) != DrainSwitch.ON) {
            removeDrain(registry);
        }
    }

    /** Every auto-configuration with what it declares, the properties and the customizers of the containers included. */
    static void removeDrain(BeanDefinitionRegistry registry) {
        for (String name : registry.getBeanDefinitionNames()) {
            BeanDefinition definition = registry.getBeanDefinition(name);
            if (isOfDrain(definition.getFactoryBeanName()) || isOfDrain(definition.getBeanClassName())) {
                registry.removeBeanDefinition(name);
            }
        }
    }

    private static boolean isOfDrain(@Nullable String name) {
        return name != null && name.startsWith(PACKAGE) && !name.equals(AheadOfTimeSwitch.class.getName());
    }
}

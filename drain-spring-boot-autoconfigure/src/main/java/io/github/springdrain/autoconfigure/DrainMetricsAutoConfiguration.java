// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.metrics.DrainMetrics;
import io.github.springdrain.spring.LateCloseListeners;
import io.github.springdrain.spring.MeterRegistryCloser;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The drain's meters, for applications that have Micrometer; Boot binds them to every registry. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnDrain
public final class DrainMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "drainMetrics", search = SearchStrategy.CURRENT)
    DrainMetrics drainMetrics(DrainEngine drain) {
        return new DrainMetrics(drain, drain::server);
    }

    @Bean
    LateCloseListeners drainLateRegistryClose(DrainEngine drain, ConfigurableApplicationContext context) {
        return new LateCloseListeners(drain, context, new MeterRegistryCloser(context.getBeanFactory()), () -> {});
    }
}

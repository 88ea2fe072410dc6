// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.spring.task.QuartzSchedulers;
import org.quartz.Scheduler;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Quartz schedulers as part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(Scheduler.class)
@ConditionalOnDrain
@ConditionalOnProperty(name = "server.drain.participants.quartz.enabled", matchIfMissing = true)
public final class DrainQuartzAutoConfiguration {

    @Bean
    QuartzSchedulers drainQuartzSchedulers(ListableBeanFactory beans, DrainProperties properties) {
        return new QuartzSchedulers(beans, properties.participants().exclude());
    }
}

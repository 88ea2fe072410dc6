// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;

/**
 * Matches where the application is drained. By name: each look-up by type in an application that is starting costs a pass
 * over all of its bean definitions.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ConditionalOnBean(name = "drainEngine")
@interface ConditionalOnDrain {}

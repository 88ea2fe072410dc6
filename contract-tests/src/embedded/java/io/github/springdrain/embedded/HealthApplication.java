// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** An application with the actuator and nothing of its own, servlet or reactive. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class HealthApplication {}

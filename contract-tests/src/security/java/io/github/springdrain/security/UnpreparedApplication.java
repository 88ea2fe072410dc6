// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.security;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** An application that leaves everything to Spring Security's defaults. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class UnpreparedApplication {}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

/** A factory of the application, of this line of Spring Boot. */
final class OwnFactory extends TomcatServletWebServerFactory {}

// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** What serves the requests of an application. Recognized by names: an application without a server may lack the classes. */
enum ServerKind {

    /** A server that Spring Boot has started. */
    EMBEDDED,

    /** A servlet container that the application was deployed to. */
    EXTERNAL,

    /** A test. */
    MOCK,

    /** Nothing: it is no web application. */
    NONE;

    /** The bean by which Boot starts and stops the server; registered only where a server was created. */
    private static final String WEB_SERVER_LIFECYCLE = "webServerStartStop";

    private static final String SERVLET_CONTEXT = "servletContext";

    private static final Set<String> WEB_CONTEXTS = Set.of(
            "org.springframework.web.context.WebApplicationContext",
            "org.springframework.boot.web.reactive.context.ReactiveWebApplicationContext",
            "org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext");

    /** The kind of a context whose server, if it has one, was created. */
    static ServerKind of(ConfigurableApplicationContext context) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        if (beans.containsSingleton(WEB_SERVER_LIFECYCLE)) {
            return EMBEDDED;
        }
        if (!isWeb(context)) {
            return NONE;
        }
        Object servletContext = beans.getSingleton(SERVLET_CONTEXT);
        boolean mock =
                servletContext == null || servletContext.getClass().getName().startsWith("org.springframework.mock.");
        return mock ? MOCK : EXTERNAL;
    }

    private static boolean isWeb(ConfigurableApplicationContext context) {
        ClassLoader loader = context.getClassLoader();
        return WEB_CONTEXTS.stream()
                .filter((name) -> ClassUtils.isPresent(name, loader))
                .anyMatch((name) -> ClassUtils.resolveClassName(name, loader).isInstance(context));
    }
}

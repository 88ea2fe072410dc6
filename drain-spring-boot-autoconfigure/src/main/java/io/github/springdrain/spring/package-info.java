/** The drain inside a Spring application: lifecycle, readiness, events, log lines. Knows no container. */
@NullMarked
package io.github.springdrain.spring;

import org.jspecify.annotations.NullMarked;

/**
 * The drain inside a Spring application: lifecycle, readiness, events, log lines, report. Knows no container.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring;

import org.jspecify.annotations.NullMarked;

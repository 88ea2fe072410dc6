/**
 * Open-ended responses of Spring MVC, and how a drain terminates them.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring.web.servlet;

import org.jspecify.annotations.NullMarked;

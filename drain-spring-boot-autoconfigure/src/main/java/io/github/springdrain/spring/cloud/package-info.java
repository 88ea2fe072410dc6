/**
 * Service registries of Spring Cloud: the application deregisters when a drain is announced.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring.cloud;

import org.jspecify.annotations.NullMarked;

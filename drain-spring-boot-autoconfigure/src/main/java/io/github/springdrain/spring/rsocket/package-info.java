// SPDX-License-Identifier: Apache-2.0
/**
 * RSocket servers on ports of their own.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring.rsocket;

import org.jspecify.annotations.NullMarked;

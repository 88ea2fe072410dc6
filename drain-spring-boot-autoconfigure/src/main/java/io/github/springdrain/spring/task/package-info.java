/**
 * Participants for executors and schedulers: tasks that a drain waits for.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring.task;

import org.jspecify.annotations.NullMarked;
